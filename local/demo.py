"""Loads the demo into an empty hub, through its API alone: merchants, products, storefronts, providers, keys."""

import json
import os
import shlex
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from hubclient.hub import Hub
from hubclient.people import People, Person
from hubclient.reference.documents import document, load_document
from hubclient.sent_pictures import PictureToPut, open_picture, put_pictures
from infra.templates import ROOT
from local.conditions.refusals import CannotStart
from local.stack import Stack
from local.start.sayer import Say
from shared.aws.objects import S3Objects

DEMO = ROOT / "demo"
ADDRESS = {"name": "Li Wei", "lines": ["1 Harbour Street"], "city": "Bristol", "postal_code": "BS1 5TR", "country": "GB"}
REFERENCE = [
    ("taxonomy", "en", "categories.en.txt"),
    ("taxonomy", "zh", "categories.zh-CN.txt"),
    ("attributes", "en", "attributes.en.txt"),
    ("attributes", "zh", "attributes.zh-CN.txt"),
    ("words", "en", "words.en.txt"),
    ("words", "zh", "words.zh.txt"),
    ("dangerous-goods", "en", "dangerous-goods.csv"),
    ("fx", "en", "fx.csv"),
]
"""What `python -m tools.load` would be told: kind, language, file."""
FILES = {"products": "suppliers", "storefronts": "storefronts"}
NAMED = {"suppliers": "supplier_keys", "picks": "pick_skus", "exclusions": "exclude_skus"}
"""What a selection names by id, and the demo by its own names."""
SENT = ("GBP", "EUR", "USD")
"""The currencies in which the first storefront's couriers send."""
VISIBLE_SECONDS = 60
Later = Callable[[Callable[[], None]], None]
"""Does what nobody need wait for, at once or beside what comes next."""
Pictures = Mapping[str, PictureToPut]
"""By sku."""


class Demo(TypedDict):
    """What .local/demo.json holds, for scripts."""

    api: str
    keys: dict[str, str]
    storefronts: list[dict[str, Any]]
    products: list[dict[str, Any]]
    accounts: dict[str, str]
    curl: list[str]
    pictured: NotRequired[bool]
    """Whether its pictures are sent; a demo of an earlier release does not say, and they are."""


def load_reference(stack: Stack) -> None:
    """The operator's data that a hub needs before it can audit anything: the demo's own short lists."""
    objects = S3Objects(stack.outputs["ReferenceBucket"], stack.client("s3"))
    for kind, language, name in REFERENCE:
        load_document(objects, kind, language, document(kind, [DEMO / "reference" / name]))


def load_demo(stack: Stack, kept: Path, say: Say, later: Later = lambda do: do()) -> Demo:
    """The demo, loaded now or, if `kept` tells of an earlier load into this hub, as it was; tokens are always fresh.

    Its pictures are sent `later`; those that a stop cut off, when it is loaded again.
    """
    people = stack.people()
    if kept.exists() and stack.had_state:
        demo: Demo = json.loads(kept.read_text())
        demo["api"] = stack.api
        demo["keys"] |= {email: people.sign_in(email).hub.token for email in demo["accounts"]}
        pictures: Pictures = {} if demo.get("pictured", True) else _pictures_of(demo)
        say(f"the demo is as you left it: {len(demo['products'])} products, {len(demo['storefronts'])} storefronts")
    else:
        demo, pictures = _loaded(stack, people, say)
    demo["curl"] = curl_lines(demo)
    write(kept, demo)
    if pictures:
        say(f"{len(pictures)} pictures are being sent: shops show each once it is read, the last within half a minute")
        later(lambda: send(pictures, demo, kept))
    return demo


def send(pictures: Pictures, demo: Demo, kept: Path) -> None:
    """Send them, and note that it was done. Raises NotTaken."""
    put_pictures(pictures.values())
    write(kept, {**demo, "pictured": True})


def write(kept: Path, demo: Demo) -> None:
    """In one piece: a script may be reading it."""
    half = kept.with_suffix(".half")
    half.write_text(json.dumps(demo, ensure_ascii=False, indent=1))
    os.replace(half, kept)


def _pictures_of(demo: Demo) -> Pictures:
    """Of a demo that was loaded before: the same places as then."""
    suppliers = json.loads((DEMO / "products.json").read_text())[FILES["products"]]
    return _pictures(suppliers, {s["key"]: Hub(demo["api"], demo["keys"][s["email"]]) for s in suppliers})


def _loaded(stack: Stack, people: People, say: Say) -> tuple[Demo, Pictures]:
    """With its pictures, which are not sent yet: reading them would take the audit's processors."""
    load_reference(stack)
    say("taxonomy, attributes, word lists and dangerous goods are loaded")
    wanted = {name: json.loads((DEMO / f"{name}.json").read_text())[part] for name, part in FILES.items()}
    suppliers = {s["key"]: people.merchant(s["email"], "supplier", country=s["country"]) for s in wanted["products"]}
    owners = {
        s["key"]: people.merchant(s["account"]["email"], "storefront", country=s["account"]["country"]) for s in wanted["storefronts"]
    }
    say(f"{len(suppliers)} suppliers and {len(owners)} storefronts' owners are signed up and verified")
    pictures = _pictures(wanted["products"], {key: person.hub for key, person in suppliers.items()})
    submitted = _submit(wanted["products"], suppliers, pictures)
    ids = {p["sku"]: p["product_id"] for p in submitted} | {key: person.account_id for key, person in suppliers.items()}
    opened = [_open(s, owners[s["key"]], ids) for s in wanted["storefronts"]]
    say(f"{len(submitted)} products are submitted, {len(opened)} storefronts are open; the audit is at work")
    _await_approval(list(suppliers.values()))
    say("every product is on sale")
    everyone = [people.operator(), *suppliers.values(), *owners.values()]
    keys = {f"{kind} of {s['name']}": s.pop(name) for s in opened for kind, name in (("site", "key"), ("page", "page_key"))}
    demo: Demo = {
        "api": stack.api,
        "keys": keys | {p.email: p.hub.token for p in everyone},
        "storefronts": opened,
        "products": submitted,
        "accounts": {p.email: p.account_id for p in everyone},
        "curl": [],
        "pictured": False,
    }
    return demo, pictures


def _pictures(suppliers: list[dict[str, Any]], hubs: Mapping[str, Hub]) -> Pictures:
    """A place for the picture of each product that has one in demo/pictures; `hubs`: as their suppliers."""
    files = {path.stem: path.read_bytes() for path in sorted((DEMO / "pictures").glob("*.webp"))}
    owners = {product["sku"]: hubs[s["key"]] for s in suppliers for product in s["products"]}
    return {sku: open_picture(owners[sku], body, f"demo-{sku}") for sku, body in files.items()}


def _submit(suppliers: list[dict[str, Any]], people: dict[str, Person], pictures: Pictures) -> list[dict[str, Any]]:
    wanted = [(people[s["key"]], product) for s in suppliers for product in s["products"]]

    def submit(one: tuple[Person, dict[str, Any]]) -> dict[str, Any]:
        supplier, product = one
        named = {"pictures": [pictures[product["sku"]].picture_id]} if product["sku"] in pictures else {}
        made = supplier.hub.post("/v1/products", product | named, key=f"demo-{product['sku']}")
        titles = {tag: text["title"] for tag, text in product["texts"].items()}
        return {"product_id": made["product_id"], "sku": product["sku"], "supplier": supplier.email, "titles": titles}

    return [submit(one) for one in wanted]  # side by side, each connection would start a worker of its own


def _open(wanted: dict[str, Any], owner: Person, ids: dict[str, str]) -> dict[str, Any]:
    """A storefront with its providers and its key, by its owner's own calls. `ids`: of suppliers by key, of products by sku."""
    named = {field: [ids[name] for name in wanted[key]] for field, key in NAMED.items() if key in wanted}
    body = {name: wanted[name] for name in ("name", "languages", "price_rule", "pages")} | {"open": True}
    made = owner.hub.post("/v1/storefronts", body | {"selection": wanted["selection"] | named}, key=f"demo-{wanted['key']}")
    for kind in ("payment", "courier"):
        for rank, installation in enumerate(wanted[f"{kind}s"]):
            key = f"demo-{wanted['key']}-{rank}"
            owner.hub.post(f"/v1/storefronts/{made['id']}/{kind}-installations", installation | {"rank": rank}, key=key)
    key = owner.hub.post("/v1/keys", {"storefront_id": made["id"], "name": "demo site", "scope": "sell"})
    page = owner.hub.post("/v1/keys", {"storefront_id": made["id"], "name": "demo page", "scope": "browse"})
    providers = {kind: [i["plugin"] for i in wanted[f"{kind}s"]] for kind in ("payment", "courier")}
    return {
        "storefront_id": made["id"],
        "name": wanted["name"],
        "shop": wanted["pages"]["slug"],
        "owner": owner.email,
        "key": key["key"],
        "page_key": page["key"],
        **providers,
    }


def _await_approval(suppliers: list[Person]) -> None:
    """Raises CannotStart once none gets its verdict any more: a slow or busy machine may take minutes for all."""
    left, until = 0, 0.0
    while waiting := [i for s in suppliers for i in s.hub.all("/v1/products", limit=100) if i["status"] == "submitted"]:
        if len(waiting) != left:
            left, until = len(waiting), time.monotonic() + VISIBLE_SECONDS
        if time.monotonic() > until:
            raise CannotStart(f"{left} products have no verdict, and none came for {VISIBLE_SECONDS} s: see emulator.log beside the data")
        time.sleep(0.2)


def curl_lines(demo: Demo) -> list[str]:
    """Three lines that browse, order and track at the first storefront; each works by itself, as often as it is pasted."""
    storefront = demo["storefronts"][0]
    api, key = f"{demo['api']}/v1/storefronts/{storefront['storefront_id']}", demo["keys"][f"site of {storefront['name']}"]
    say = f"curl -s -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json'"
    listing = _first_listing(Hub(demo["api"], key), storefront["storefront_id"])
    lines = [{"offer_id": listing["offer_id"], "quantity": 1}]
    quote = json.dumps({"lines": lines, "address": ADDRESS, "currency": listing["price"]["currency"]})
    order = json.dumps({"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": "TICKET"})
    ticket = """python3 -c 'import json,sys; print(json.load(sys.stdin)["items"][0]["ticket"])'"""
    return [
        f"{say} '{api}/listings?language=en&limit=3'",
        f"{say} {api}/shipping-quotes -d {shlex.quote(quote)} | {ticket} | xargs -I TICKET "
        f"{say} -H \"Idempotency-Key: $(date +%s%N)\" {api}/orders -d {shlex.quote(order)}",
        f"{say} '{api}/orders?limit=1'",
    ]  # fmt: skip


def _first_listing(hub: Hub, storefront_id: str) -> dict[str, Any]:
    """What the lines order: a listing in pounds if there is one, for they are pasted in Bristol, else in what its courier takes."""
    until = time.monotonic() + VISIBLE_SECONDS
    while not (items := [i for i in hub.get(f"/v1/storefronts/{storefront_id}/listings", limit=100)["items"] if _sent(i)]):
        if time.monotonic() > until:
            raise CannotStart("nothing is listed at the first storefront: see emulator.log beside the data")
        time.sleep(0.2)
    found: dict[str, Any] = min(items, key=lambda i: SENT.index(i["price"]["currency"]))
    return found


def _sent(listing: dict[str, Any]) -> bool:
    return listing["price"]["currency"] in SENT
