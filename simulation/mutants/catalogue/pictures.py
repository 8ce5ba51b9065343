"""Bugs in pictures: who is thanked, what is hidden, what counts twice."""

from simulation.mutants.mutant import Mutant

PICTURES = (
    Mutant(
        "thanks count anew what an order counted before",
        "functions/pictures/thanks/thanks_store.py",
        "sale.more_than(before)",
        'sale.more_than(Sale(order_id="", credits={}))',
    ),
    Mutant(
        "a takedown passes over who took the picture",
        "functions/pictures/contents/content_store.py",
        "_beyond(UseItem.sk, USE, after)",
        "UseItem.sk.startswith(GRANT)",
    ),
    Mutant(
        "a use of the commons counts each time that it is sent",
        "functions/pictures/commons/commons_store.py",
        "transaction.save(item, condition=UseItem.pk.does_not_exist())",
        "transaction.save(item)",
    ),
    Mutant(
        "a picture that is read while its content is hidden is shown",
        "functions/pictures/contents/arrival_service.py",
        "if content and content.hidden_for:",
        "if content and content.gone:",
    ),
)
