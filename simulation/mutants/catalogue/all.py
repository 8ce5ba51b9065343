"""Every deliberate bug, by name: those that the simulator has found, and those that it has not, which are healed or too rare for it yet."""

from simulation.mutants.catalogue.fanout import FANOUT
from simulation.mutants.catalogue.orders import ORDERS
from simulation.mutants.catalogue.payments import PAYMENTS
from simulation.mutants.catalogue.recorded import RECORDED
from simulation.mutants.catalogue.settlement import SETTLEMENT
from simulation.mutants.catalogue.shipping import SHIPPING
from simulation.mutants.catalogue.uploads import UPLOADS

ALL = {mutant.name: mutant for mutant in (*ORDERS, *PAYMENTS, *SHIPPING, *SETTLEMENT, *UPLOADS, *FANOUT)}
MUTANTS = {name: mutant for name, mutant in ALL.items() if name in RECORDED}
"""Those that were found."""
