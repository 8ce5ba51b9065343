"""Every deliberate bug, by name."""

from simulation.mutants.catalogue.assortment import ASSORTMENT
from simulation.mutants.catalogue.buyers import BUYERS
from simulation.mutants.catalogue.fanout import FANOUT
from simulation.mutants.catalogue.orders import ORDERS
from simulation.mutants.catalogue.payments import PAYMENTS
from simulation.mutants.catalogue.pictures import PICTURES
from simulation.mutants.catalogue.settlement import SETTLEMENT
from simulation.mutants.catalogue.shipping import SHIPPING
from simulation.mutants.catalogue.uploads import UPLOADS

ALL = {mutant.name: mutant for mutant in (*ORDERS, *PAYMENTS, *SHIPPING, *SETTLEMENT, *UPLOADS, *ASSORTMENT, *FANOUT, *BUYERS, *PICTURES)}
