from dataclasses import replace

import pytest

from functions.audit.rules.batteries import battery_in
from functions.audit.rules.finding import MAX_EVIDENCE
from functions.audit.rules.operator_lists import OperatorLists, read_goods, read_words
from functions.audit.rules.prices import bounds
from functions.audit.rules.rulebook import MAX_FINDINGS, findings_of
from monsoon_plugin.money import currency_code
from shared.trade.listed_terms import as_read
from tests.unit.audit.given import LISTS, product


def told(**changes) -> list[tuple[str, str, str]]:
    title, description = changes.pop("title", "Walnut bowl"), changes.pop("description", "")
    return [(f.severity, f.code, f.field) for f in findings_of(product(title, description, **changes), LISTS)]


def codes(title: str, description: str = "", **changes) -> list[tuple[str, str]]:
    return [(severity, code) for severity, code, _ in told(title=title, description=description, **changes)]


def test_a_harmless_product_gives_no_finding():
    assert told() == []


@pytest.mark.parametrize("title", ["?", "12/3", "SKU-1", "..."])
def test_a_title_that_says_nothing_is_refused(title: str):
    assert told(title=title) == [("refuse", "title-unreadable", "/texts/en/title")]


@pytest.mark.parametrize(
    ("title", "sku", "expected"),
    [
        ("Buchweizen", "buchweizen", []), ("Ti-Tap", "ti-tap", []), ("Uhr", "uhr", []),
        ("Omega-3", "omega-3", ["review"]), ("AB-3000", "ab-3000", ["refuse"]), ("4251924319365", "4251924319365", ["refuse"]),
    ],
)  # fmt: skip
def test_a_word_is_a_title_though_its_product_is_known_by_it_and_a_code_is_none(title: str, sku: str, expected: list[str]):
    findings = findings_of(product(title, sku=sku), LISTS)
    assert [finding.severity for finding in findings] == expected


def test_what_a_picture_shows_is_read_in_its_language_as_a_title_is():
    alts = {"pic_1": {"en": "a bowl"}, "pic_2": {"zh": "冰毒"}}
    assert told(pictures=["pic_1", "pic_2"], alt_texts=alts) == [("refuse", "prohibited-word", "/alt_texts/pic_2/zh")]


def test_one_chinese_character_is_a_title():
    assert told(texts={"zh": {"title": "碗"}}) == []


def test_a_title_that_says_nothing_beside_one_that_does_goes_to_a_person():
    assert told(texts={"en": {"title": "?"}, "zh": {"title": "木碗"}}) == [("review", "title-unreadable", "/texts/en/title")]


def test_an_unknown_category_is_refused():
    assert told(category="zz-9") == [("refuse", "category-unknown", "/category")]


@pytest.mark.parametrize(
    ("price", "tiers", "expected"),
    [
        ((0, "GBP"), [], ("refuse", "price-missing", "/price/amount")),
        ((10**10, "GBP"), [], ("review", "price-unusual", "/price/amount")),
        ((1, "CNY"), [], ("review", "price-unusual", "/price/amount")),
        ((1000, "GBP"), [(10, 1001, "GBP")], ("refuse", "tier-above-price", "/tiers/0/price/amount")),
        ((1000, "GBP"), [(10, 900, "GBP"), (20, 950, "GBP")], ("refuse", "tier-above-price", "/tiers/1/price/amount")),
        ((1000, "GBP"), [(10, 900, "EUR")], ("refuse", "tier-currency", "/tiers/0/price/currency")),
        ((1000, "GBP"), [(10, 0, "GBP")], ("refuse", "price-missing", "/tiers/0/price/amount")),
    ],
)
def test_impossible_prices_are_refused_and_unusual_ones_reviewed(price, tiers, expected):
    written = [{"min_quantity": quantity, "price": {"amount": amount, "currency": currency}} for quantity, amount, currency in tiers]
    assert told(price={"amount": price[0], "currency": price[1]}, tiers=written) == [expected]


def test_in_a_currency_of_which_nothing_is_known_no_price_is_unusual_and_none_is_missing():
    assert told(price={"amount": 4_990_000, "currency": "COP"}) == []
    assert told(price={"amount": 0, "currency": "COP"}) == [("refuse", "price-missing", "/price/amount")]


def test_the_bounds_are_of_real_currencies_and_the_right_way_round():
    assert all(currency_code(currency) and 0 < low < high for currency, (low, high) in bounds().items())


def test_listed_words_weigh_what_the_list_says():
    assert codes("Toy pistol") == [("review", "prohibited-word")]
    assert codes("Brass knuckles") == [("refuse", "prohibited-word")]
    assert codes("Children's water pistol") == []
    assert codes("Bowl", "comes with brass-knuckles") == [("refuse", "prohibited-word")]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("pistol", ("review", "prohibited-word")),
        ("brass_knuckles", ("refuse", "prohibited-word")),
        ("冰毒", ("refuse", "prohibited-word")),
        ("flash-powder", ("refuse", "dangerous-goods")),
        ("www.example.com", ("refuse", "link")),
        ("sales@example.com", ("refuse", "contact-details")),
    ],
)
def test_a_tag_is_read_like_a_text(tag: str, expected: tuple[str, str]):
    assert told(tags=["gift", tag]) == [(*expected, "/tags/1")]


def test_a_tag_that_names_what_goods_are_for_or_made_of_is_harmless():
    assert told(tags=["paint", "water-pistol", "丝巾"]) == []


def test_a_tag_is_read_in_the_languages_of_the_texts():
    french = OperatorLists(LISTS.categories, {**LISTS.words, "fr": read_words([("arme", "review")])}, LISTS.goods, LISTS.numbers)
    found = findings_of(product(texts={"fr": {"title": "Un bol en noyer"}}, tags=["arme"]), french)
    assert [(f.code, f.field) for f in found] == [("prohibited-word", "/tags/0")]


def test_a_text_is_read_in_its_own_language_and_chinese_characters_in_chinese():
    assert told(texts={"zh-Hant": {"title": "brass knuckles 碗"}}) == []
    assert told(texts={"en": {"title": "冰毒 bowl"}}) == [("refuse", "prohibited-word", "/texts/en/title")]


def test_a_word_that_is_a_curse_in_another_language_is_none_in_its_own():
    words = {"en": read_words([("negro", "review")]), "zh": read_words([]), "es": read_words([("puta", "review")])}
    lists = OperatorLists(LISTS.categories, words, LISTS.goods, LISTS.numbers)
    texts = {"es": {"title": "Vestido negro de lino"}}
    assert [f.code for f in findings_of(product(texts=texts, tags=["negro"]), lists)] == []
    assert [f.code for f in findings_of(product(texts={"en": {"title": "negro"}}), lists)] == ["prohibited-word"]


def test_a_text_in_a_language_without_a_list_goes_to_a_person():
    assert told(texts={"fr": {"title": "Un bol en noyer"}}) == [("review", "language-unchecked", "/texts/fr")]


def test_dangerous_goods_go_to_a_person_where_the_name_is_the_thing():
    assert codes("COSY HOUR CIGAR BOX MATCHES") == [("review", "dangerous-goods")]
    assert codes("Match holder") == []
    assert codes("Paint brush set", "for paint") == []
    assert codes("Fireworks") == [("review", "dangerous-goods")]


def test_a_plain_name_of_a_class_that_no_parcel_may_hold_is_refused_as_the_thing_and_looked_at_elsewhere():
    assert codes("Flash powder 500 g") == [("refuse", "dangerous-goods")]
    assert codes("A tin", "holds flash powder and more") == [("review", "dangerous-goods")]
    assert codes("Brush", "For liquid foundation, loose powder, flash powder") == []
    assert told(texts={"zh": {"title": "喜庆烟花爆竹礼盒"}}) == [("refuse", "dangerous-goods", "/texts/zh/title")]


def test_a_declared_un_number_goes_to_a_person():
    assert codes("Varnish UN1263") == [("review", "dangerous-goods")]
    assert codes("Chair UN 9999") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://shop.example/x", ("refuse", "link")),
        ("详情见www.example.com", ("refuse", "link")),
        ("write to sales@example.com", ("refuse", "contact-details")),
        ("加微信号：abc_12345 咨询", ("refuse", "contact-details")),
        ("微信 bowl2026", ("refuse", "contact-details")),
        ("WeChat ID: bowlmaker", ("refuse", "contact-details")),
        ("QQ群 12345678", ("refuse", "contact-details")),
        ("联系电话 021-5555 6666", ("refuse", "contact-details")),
        ("Call us on 0800 123 4567", ("refuse", "contact-details")),
        ("WhatsApp +44 7700 900123", ("refuse", "contact-details")),
        ("ask 13812345678", ("review", "contact-details")),
        ("or +44 7700 900 123", ("review", "contact-details")),
        ("MUG, DOTCOMGIFTSHOP.COM", ("review", "link")),
        ("more at example.kitchen", ("review", "link")),
    ],
)
def test_links_and_contacts_are_found_in_english_and_chinese(text: str, expected: tuple[str, str]):
    assert codes("Bowl", text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "WeChat stickers sheet", "divx mpeg-2 player", "Panasonic phone KX-TG5871", "Model 1234567890123", "No.7 e.g. 3.5mm",
        "size 120x80 @ 2 pcs", "微信贴纸", "Dr.Martens style", "a cold drink.Top with a lid", "cold drinks.Top.Me too",
        "Chapter 13.", "LT.BLUE", "ISBN 978-3-16-148410-0",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_contact_is_left_alone(text: str):
    assert codes("Bowl", text) == []


def test_refusals_come_first_and_findings_and_evidence_are_bounded():
    findings = findings_of(product("pistol", "ass " * 1000 + "brass knuckles"), LISTS)
    assert findings[0].severity == "refuse"
    assert len(findings) <= MAX_FINDINGS
    assert all(len(finding.evidence) <= MAX_EVIDENCE for finding in findings)


def test_a_brand_that_is_written_like_an_address_is_no_link():
    assert codes("StarTech.com 2 m cable", "A cable by StarTech.com") == []
    assert codes("Cable", "see StarTech.com") == [("review", "link")]


@pytest.mark.parametrize("brand", ["StarTech.com", "StartTech.com", "Booking.com", "e.l.f.", "Dr.Martens", "A.P.C.", "Crate & Barrel"])
def test_a_brand_is_a_name_be_it_written_like_an_address(brand: str):
    assert codes("Cable, 2 m", f"A cable by {brand}", brand=brand, mpn="15912345678") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"brand": "https://shop.example"}, ("refuse", "link")), ({"brand": "www.shop.com"}, ("refuse", "link")),
        ({"brand": "buy at myshop.com"}, ("review", "link")), ({"brand": "me@shop.com"}, ("refuse", "contact-details")),
        ({"mpn": "微信号: abc12345"}, ("refuse", "contact-details")), ({"brand": "pistol"}, ("review", "prohibited-word")),
        ({"mpn": "brass knuckles"}, ("refuse", "prohibited-word")), ({"item_group": "see myshop.com"}, ("review", "link")),
    ],
)  # fmt: skip
def test_no_other_text_hides_in_a_brand_or_a_code(changes: dict[str, str], expected: tuple[str, str]):
    assert codes("Bowl", **changes) == [expected]


def test_what_a_part_number_happens_to_spell_and_a_makers_name_are_no_goods_and_no_words():
    assert codes("Bowl", mpn="ASS-100", item_group="BALLS", brand="Flash Powder") == []


def gbp(amount: int) -> dict[str, object]:
    return {"amount": amount, "currency": "GBP"}


@pytest.mark.parametrize(
    ("price", "variant", "pointer"),
    [
        (0, {}, "/price/amount"), (0, {"tiers": [{"min_quantity": 2, "price": gbp(1)}]}, "/price/amount"),
        (900, {"tiers": [{"min_quantity": 2, "price": gbp(1000)}]}, "/variants/0/tiers/0/price/amount"),
        (900, {"price": gbp(0)}, "/variants/0/price/amount"),
    ],
)  # fmt: skip
def test_a_finding_of_a_price_points_to_what_stands_in_the_product(price: int, variant: dict[str, object], pointer: str):
    one = {"sku": "SKU-1", "options": {"colour": "red"}, "stock": 1} | variant
    body = product(price=gbp(price), options=[{"name": "colour"}], variants=[one])
    found = [finding.field for finding in findings_of(body, LISTS)]
    assert pointer in found
    for field in found:
        at: object = body.model_dump(exclude_none=True)
        for step in field.split("/")[1:]:
            at = at[int(step)] if isinstance(at, list) else at[step]  # type: ignore[index]


def test_each_category_is_known_and_a_battery_in_any_of_them_is_seen():
    assert told(categories=["hg-3-67"]) == []
    assert told(categories=["hg", "zz-9"]) == [("refuse", "category-unknown", "/categories/1")]


def test_attributes_are_read_as_texts_that_say_what_is_inside():
    assert told(attributes=[{"name": "Material", "values": ["Walnut"]}]) == []
    assert told(attributes=[{"name": "Theme", "values": ["Forest", "a pistol"]}]) == [
        ("review", "prohibited-word", "/attributes/0/values/1")
    ]
    assert told(attributes=[{"name": "see myshop.com", "values": ["x"]}]) == [("review", "link", "/attributes/0/name")]
    assert {severity for severity, _, _ in told(attributes=[{"name": "Theme", "values": ["flash powder"]}])} == {"review"}


def test_a_warning_names_dangers_without_being_one_and_leads_nobody_away():
    maker = {"name": "Kiln", "lines": ["1 Clay Road"], "city": "Berlin", "country": "DE", "electronic_address": "safety@kiln.example"}

    def found(warning: str) -> list[tuple[str, str, str]]:
        return told(safety={"manufacturer": maker, "warnings": {"en": warning}})

    assert found("Keep away from fireworks and paint. No pistol.") == []
    assert found("Write to me@shop.com") == [("refuse", "contact-details", "/safety/warnings/en")]


def test_html_is_read_as_its_text_once():
    def found(description: str, html: str) -> list[tuple[str, str, str]]:
        return told(texts={"en": {"title": "Bowl", "description": description, "description_html": html}})

    assert found("Fine", "<p>Fine</p>") == []
    assert found("Fine", "<p>a pis<b>tol</b></p>") == [("review", "prohibited-word", "/texts/en/description_html")]
    assert found("a pistol", "<p>a pistol</p>") == [("review", "prohibited-word", "/texts/en/description")]
    assert {severity for severity, _, _ in found("Fine", "<p>with flash powder</p>")} == {"review"}


def test_bullets_are_read_like_a_description():
    def found(*bullets: str) -> list[tuple[str, str, str]]:
        return told(texts={"en": {"title": "Bowl", "bullets": list(bullets)}})

    assert found("Hand-turned walnut", "- 20 % off @home") == []
    assert found("fine", "a pistol") == [("review", "prohibited-word", "/texts/en/bullets/1")]
    assert found("see myshop.com") == [("review", "link", "/texts/en/bullets/0")]
    assert all(severity == "review" for severity, _, _ in found("with flash powder"))


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("Looks just like a photograph.design the perfect deck", False), ("compile weekly menus.you can also search", False),
        ("advance the army once and for all.you must escape", False), ("Made of soft cotton.it dries fast", False),
        ("More at photograph.design and elsewhere", True), ("Order it from mugs.sale", True), ("Look: mugs.design/best", True),
        ("Look at myshop.com instead", True), ("Cheaper: myshop.de", False), ("Cheaper: visit myshop.de", True),
    ],
)  # fmt: skip
def test_two_sentences_without_a_space_between_them_are_no_address(description: str, found: bool):
    """Ends of addresses that are words count in prose where somebody is invited there, or a path follows."""
    assert bool(codes("Walnut bowl", description)) is found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("The mount has a matte flash powder coat finish.", False),
        ("A flash powder-coated frame", False),
        ("Filled with flash powder.", True),
    ],
)
def test_what_a_surface_is_like_is_no_dangerous_good(description: str, found: bool):
    assert bool(codes("Walnut bowl", description)) is found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("WARNING: Cancer and Reproductive Harm - www.P65Warnings.ca.gov", False),
        ("For more information go to www.P65Warnings.ca.gov.View less", False),
        ("see https://www.gov.uk/product-safety and https://ec.europa.eu/safety", False),
        ("Harm - www.P65Warnings.ca.gov www.P65Warnings.ca.govDescription", False),
        ("see https://www.gov.uk@shop.example/x", True),
        ("see https://www.gov.uk/out?to=https://shop.example/x", True),
        ("see www.gov.uk and www.shop.example", True),
        ("www.mygov.shop", True),
        ("www.ca.gov.shop", True),
        ("www.ca.gov.我爱你", True),
        ("www.ca.gov.xn--6qq986b3xl", True),
        ("警告：www.P65Warnings.ca.gov警告", False),
    ],
)
def test_an_authoritys_address_which_the_law_wants_in_a_text_is_no_link_to_another_shop(description: str, found: bool):
    assert codes("Harmless", description) == ([("refuse", "link")] if found else [])


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("LEGO makes a charming display.lego star wars for all", False),
        ("lepší podle obsahu.práce i zábava", False),
        ("dust from appliances.br>toss in two", False),
        ("visit charming-display.lego, the LEGO site", True),
        ("more at my-shop.com: the com site", True),
        ("buy charming.lego/sets of LEGO", True),
        ("详情见abc.com购买", True),
    ],
)
def test_a_sentence_that_goes_on_with_a_word_of_its_text_is_no_address(description: str, found: bool):
    assert codes("Harmless", description) == ([("review", "link")] if found else [])


@pytest.mark.parametrize(
    ("title", "word", "found"),
    [
        ("Fanny's rest, a metal sign", "fanny", False), ("A sign for a fanny", "fanny", True), ("Two fannys", "fanny", True),
        ("A tablet with a Cortex-A55", "a55", False), ("An a55hole on a mug", "a55hole", True), ("The boss's mug", "boss's", True),
    ],
)  # fmt: skip
def test_a_name_that_has_something_and_a_models_number_are_no_listed_word(title: str, word: str, found: bool):
    lists = replace(LISTS, words={"en": read_words([(word, "review")]), "zh": read_words([])})
    findings = findings_of(product(texts={"en": {"title": title}}), lists)
    assert [finding.code for finding in findings] == (["prohibited-word"] if found else [])


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Candle in magnesium", False),
        ("Smart watch, black/magnesium", False), ("Sleep aid with 300mg magnesium", False), ("Esomeprazole magnesium, 42 capsules", False),
        ("Zinc calcium and magnesium | 60 tablets", False),
        ("Magnesium", True), ("Fire starter of magnesium", True), ("Vitamins and a power bank", True), ("Capsules of fireworks 烟花", True),
    ],
)  # fmt: skip
def test_what_is_swallowed_or_is_but_a_look_is_no_metal(title: str, found: bool):
    goods, numbers = read_goods([("magnesium", "1869", "4.1"), ("fireworks", "0335", "1")])
    findings = findings_of(product(texts={"en": {"title": title}}), replace(LISTS, goods=goods, numbers=numbers))
    assert [finding.code for finding in findings] == (["dangerous-goods"] if found else [])


def test_a_mild_word_is_looked_at_where_it_is_what_a_product_is_called_by_and_a_listed_one_everywhere():
    lists = replace(LISTS, words={**LISTS.words, "en": read_words([("sexy", "mild"), ("pistol", "review")])})
    mild = product("Saddle", "Comfy as it is sexy", tags=["sexy"], attributes=[{"name": "Look", "values": ["sexy"]}])
    assert findings_of(mild, lists) == ()
    named = findings_of(product("Sexy saddle", brand="Sexy Saddles"), lists)
    assert [(f.severity, f.field) for f in named] == [("review", "/texts/en/title"), ("review", "/brand")]
    assert [f.field for f in findings_of(product("Toy", "a pistol", tags=["pistol"]), lists)] == ["/texts/en/description", "/tags/0"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("AC charger for W series battery", False), ("Turntable CR249 in tan", False), ("CR2032, 10 pieces", True), ("Duracell CR2", True),
        ("Carrying case for a 20000 power bank", False),
        ("Replacement for NB-2L battery", True), ("Charger, NB-2L battery", True), ("Charger for W series and battery", True),
    ],
)  # fmt: skip
def test_what_is_for_a_battery_is_none(title: str, found: bool):
    assert (battery_in(as_read(title)) is not None) is found


@pytest.mark.parametrize(
    ("title", "tag", "found"),
    [
        ("Lavender bath bomb", "en", False), ("Black mirror mercury", "en", False), ("Vanilla extract", "en", False),
        ("B complex | the ultimate metabolic booster", "en", False), ("Bulb H7 - xenon", "en", True), ("Mercury, 100 g", "en", True),
        ("Practice bombs", "en", False), ("Bombs", "en", True), ("Wall paint", "en", True),
        ("Timbre mercury", "es", False), ("Mercury", "es", False), ("Mercury", "en-GB", True), ("烟花 mercury", "zh", True),
    ],
)  # fmt: skip
def test_a_good_is_read_in_its_lists_language_and_an_everyday_word_only_where_it_begins_a_part_of_the_title(
    title: str, tag: str, found: bool
):
    goods, numbers = read_goods(
        [(name, "2809", "8") for name in ("mercury", "extract", "xenon", "paint", "烟花")] + [(n, "0042", "1") for n in ("bomb", "booster")]
    )
    lists = replace(LISTS, goods=goods, numbers=numbers, words={**LISTS.words, "es": read_words([])})
    findings = findings_of(product(texts={tag: {"title": title}}), lists)
    assert [finding.code for finding in findings] == (["dangerous-goods"] if found else [])


def test_a_name_that_no_parcel_may_hold_is_found_in_a_text_of_any_language():
    goods, numbers = read_goods([("flash powder", "0094", "1")])
    lists = replace(LISTS, goods=goods, numbers=numbers, words={**LISTS.words, "es": read_words([])})
    assert [f.severity for f in findings_of(product(texts={"es": {"title": "Flash powder 500 g"}}), lists)] == ["refuse"]
