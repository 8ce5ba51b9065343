"""Every invariant, by name."""

from collections.abc import Callable, Iterable, Iterator

from simulation.actors.observed import Observed
from simulation.actors.people import People
from simulation.actors.setting import Setting
from simulation.invariants import answers, assortment, buyers, endings, endpoints, goods, labels, money, pictures, trade_items
from simulation.invariants.mail import sendings, texts
from simulation.invariants.seen import Seen, seen
from simulation.invariants.told import shop_pages
from simulation.result import Violation
from simulation.world import World

HELD = "a parcel is held while a unit in it is recalled"
INVARIANTS: dict[str, Callable[[Seen], Iterator[str]]] = {
    "the journal balances": money.the_journal_balances,
    "providers, payments, orders and ledger agree": money.books_agree,
    "payouts are what is owed": money.payouts_are_what_is_owed,
    "a refund is made once": money.refunds_are_made_once,
    "everybody earns their share": money.everybody_earns_their_share,
    "nobody is paid early": money.nobody_is_paid_early,
    "test money is apart": money.test_money_is_apart,
    "nobody is paid twice": money.nobody_is_paid_twice,
    "no unit is both refunded before dispatch and dispatched": goods.refunded_or_dispatched,
    "a parcel holds what is owed": goods.parcels_hold_what_is_owed,
    "what is cancelled is not sent": goods.cancelled_is_not_sent,
    HELD: goods.held_while_recalled,
    "stock is counted, adjusted, ordered, returned": goods.stock_adds_up,
    "what never runs out is never refused": goods.what_never_runs_out_is_never_refused,
    "an offer is sold while the catalog has it": goods.sellable_is_what_the_catalog_has,
    "a product is what its supplier said last": assortment.what_was_said_last,
    "what is asked now is what it costs": assortment.what_is_asked_is_told,
    "what is left out is filled by one set of defaults": assortment.filled_by_one_set,
    "a complete feed archives what it lacks and nothing later": assortment.complete_feeds_archive,
    "nobody sells to the EU what nobody answers for": assortment.safety_is_answered,
    "one thing is one thing everywhere": trade_items.one_thing_everywhere,
    "the same bytes are one picture of all who sent them": pictures.one_object,
    "what is hidden is nowhere, and back means back": pictures.hidden_nowhere,
    "a use of the commons counts once": pictures.uses_are_counted,
    "thanks are what was sold": pictures.thanks_are_what_was_sold,
    "everything ends": endings.everything_ends,
    "every row of a feed comes to something": endings.feeds_are_read,
    "every label is used or void": endings.labels_are_used_or_void,
    "no message is dead": endings.no_message_is_dead,
    "what was acknowledged is there": answers.acknowledged_is_there,
    "the same key gets the same answer": answers.the_same_key_gets_the_same_answer,
    "people are asked what they can answer": answers.people_can_answer,
    "client sites end level with the hub": answers.sites_end_level,
    "endpoints hear everything": endpoints.endpoints_hear_everything,
    "what was begun is told to its end": endpoints.what_was_begun_is_told_to_its_end,
    "what an endpoint never heard is said": endpoints.what_is_lost_is_said,
    "who waits for a courier is told so": labels.waiting_says_for_whom,
    "a person's word on a label stands": labels.words_on_labels_stand,
    "nobody reads who bought": buyers.nobody_reads_who_bought,
    "who is erased is gone": buyers.who_is_erased_is_gone,
    "one order comes of one checkout": shop_pages.one_order_a_checkout,
    "one charge comes of one order": shop_pages.one_charge_an_order,
    "what pages said is so": shop_pages.what_pages_said_of_payments,
    "pages end level with the books": shop_pages.pages_end_level,
    "one cause is one mail": sendings.one_mail_a_cause,
    "who should be told is told": sendings.who_should_be_told_is_told,
    "nobody is told against their will": sendings.nobody_is_told_against_their_will,
    "what did not arrive is shown": sendings.what_did_not_arrive_is_shown,
    "what is told together is told once": sendings.listed_once,
    "a mail says what was so": texts.mails_say_what_was_so,
    "nobody reads another's prices": texts.nobody_reads_anothers_prices,
    "every view shows every state": answers.every_view_answers,
}
"""What must hold when all is quiet."""
AT_REST = (HELD,)
"""What must hold as soon as everything was heard: who sends the parcels in the end would heal what is wrong."""


def broken(world: World, setting: Setting, people: People, observed: Observed, names: Iterable[str] = INVARIANTS) -> list[Violation]:
    """What does not hold, of the invariants that are named."""
    found = seen(world, setting, people, observed)
    return [Violation(name, told) for name in names for told in INVARIANTS[name](found)]
