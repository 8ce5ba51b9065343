"""Every deliberate bug, by name."""

from simulation.mutants.catalogue.assortment import ASSORTMENT
from simulation.mutants.catalogue.buyers import BUYERS
from simulation.mutants.catalogue.fanout import FANOUT
from simulation.mutants.catalogue.orders import ORDERS
from simulation.mutants.catalogue.pages_and_mail import MAIL, SHOP_PAGES
from simulation.mutants.catalogue.payments import PAYMENTS
from simulation.mutants.catalogue.pictures import PICTURES
from simulation.mutants.catalogue.settlement import SETTLEMENT
from simulation.mutants.catalogue.shipping import SHIPPING
from simulation.mutants.catalogue.uploads import UPLOADS

KINDS = (
    ORDERS, PAYMENTS, SHIPPING, SETTLEMENT, UPLOADS, ASSORTMENT, FANOUT, BUYERS, PICTURES, SHOP_PAGES, MAIL,
)  # fmt: skip
ALL = {mutant.name: mutant for kind in KINDS for mutant in kind}
