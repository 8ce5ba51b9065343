"""What requests about the commons and their answers carry."""

from typing import Self

from pydantic import Field

from functions.pictures.commons.entry import Entry, Uses
from functions.pictures.commons.licence import Grant, Licence, texts
from functions.pictures.commons.thing import Sought, Thing
from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Picture
from monsoon_plugin.money import Amount
from shared.api.payload import Body, Query, View
from shared.goods.identity import Brand, Gtin, Mpn, Sku
from shared.pictures.addresses import PictureView, picture_view
from shared.pictures.shown_picture import ContentId


class Shows(Body):
    """The thing that a picture is of."""

    title: str = Field(default="", max_length=200, description="what people call it: its words are how others find it")
    brand: Brand | None = None
    gtin: Gtin | None = None
    mpn: Mpn | None = None

    @property
    def thing(self) -> Thing:
        return Thing(title=self.title, brand=self.brand or "", gtin=self.gtin or "", mpn=self.mpn or "")


class GrantBody(Body):
    licence: Licence = Field(description="own-use; sellers: all who sell this product; attribution: everyone with your name; public-domain")
    credit: str = Field(default="", max_length=100, description="whom the picture is by, as others name them")
    shows: Shows = Shows()


class Chosen(Body):
    sku: Sku = Field(description="your product that shows it: uses are counted by merchant and product")
    shows: Shows = Field(default=Shows(), description="your product: where only its sellers may use the picture, its GTIN or brand and mpn")


class SearchQuery(Query):
    gtin: str | None = Field(default=None, max_length=20)
    brand: str | None = Field(default=None, max_length=70)
    mpn: str | None = Field(
        default=None, max_length=70, description="the manufacturer's part number, beside `brand`: a product without a GTIN"
    )
    q: str | None = Field(default=None, max_length=100, description="words of what it shows: all of them are looked for")
    picture_id: str | None = Field(
        default=None,
        max_length=40,
        description="a picture of yours that was read: what others give that looks like it, the nearest first; alone, without a cursor",
    )
    limit: int = Field(default=24, ge=1, le=50)
    cursor: str | None = Field(default=None, max_length=1000)

    @property
    def sought(self) -> Sought:
        return Sought(gtin=self.gtin or "", brand=self.brand or "", mpn=self.mpn or "", text=self.q or "")


class GivenQuery(Query):
    limit: int = Field(default=24, ge=1, le=50)
    cursor: str | None = Field(default=None, max_length=1000)


class LicenceView(View):
    licence: Licence
    text: str = Field(description="where its text lies")
    summary: str
    summary_zh: str

    @classmethod
    def of(cls, licence: Licence) -> Self:
        told = texts()[licence]
        return cls(licence=licence, text=told.url, summary=told.en, summary_zh=told.zh)


class LicenceList(View):
    items: list[LicenceView]


class ShowsView(View):
    title: str
    brand: str | None
    gtin: str | None
    mpn: str | None

    @classmethod
    def of(cls, thing: Thing) -> Self:
        return cls(title=thing.title, brand=thing.brand or None, gtin=thing.gtin or None, mpn=thing.mpn or None)


class GrantView(View):
    """Who else may use a picture, by the word of one who sent it."""

    content_id: ContentId
    licence: LicenceView
    credit: str
    shows: ShowsView
    granted_at: str
    uses: int = Field(description="products of others that were given this picture by this grant, ever")
    sold: int = Field(description="units of those products that were sold with it and paid for, less those that were paid back")
    sold_for: list[Amount] | None = Field(
        default=None,
        description="what shoppers paid for them, by currency; absent where nothing was. Of a disputed order nothing counts",
    )

    @classmethod
    def of(cls, content_id: str, grant: Grant) -> Self:
        return cls(
            content_id=content_id, licence=LicenceView.of(grant.licence), credit=grant.credit, shows=ShowsView.of(grant.shows),
            granted_at=grant.granted_at, uses=grant.uses, sold=grant.sold,
            sold_for=[Amount(amount=each, currency=currency) for currency, each in sorted(grant.sold_for.items()) if each] or None,
        )  # fmt: skip


class GrantPage(View):
    items: list[GrantView]
    next: str | None = None


class UsesView(View):
    products: int
    merchants: int
    more: bool = Field(description="whether there are more than were counted")

    @classmethod
    def of(cls, uses: Uses) -> Self:
        return cls(products=uses.products, merchants=uses.merchants, more=uses.most)


class CommonsPicture(View):
    content_id: ContentId
    picture: PictureView
    grants: list[GrantView] = Field(description="of each who sent it and gives it, the first first")
    rights: dict[str, str] = Field(description="what the file said of its maker and of its use, unchecked")
    uses: UsesView

    @classmethod
    def of(cls, content: Content, grants: list[Grant], uses: Uses, media_url: str) -> Self:
        content_id = content.shown.content
        told = [GrantView.of(content_id, grant) for grant in sorted(grants, key=lambda grant: grant.granted_at)]
        return cls(
            content_id=content_id, picture=picture_view(content.shown, media_url), grants=told, rights=dict(content.rights),
            uses=UsesView.of(uses),
        )  # fmt: skip


class EntryView(View):
    content_id: ContentId
    picture: PictureView
    licence: LicenceView
    credit: str
    shows: ShowsView
    distance: int | None = Field(
        default=None, description="of 64 bits those in which it differs from your picture; 0 of the very same bytes, too"
    )

    @classmethod
    def of(cls, entry: Entry, media_url: str, distance: int | None = None) -> Self:
        return cls(
            content_id=entry.shown.content, picture=picture_view(entry.shown, media_url), licence=LicenceView.of(entry.licence),
            credit=entry.credit, shows=ShowsView.of(entry.shows), distance=distance,
        )  # fmt: skip


class SimilarView(View):
    """A picture that looks like another: a hint for you to look at, not a verdict."""

    content_id: ContentId
    picture: PictureView
    distance: int = Field(description="of 64 bits those that differ: up to 3 mostly one picture made anew, or one model in another colour")

    @classmethod
    def of(cls, content: Content, apart: int, media_url: str) -> Self:
        return cls(content_id=content.shown.content, picture=picture_view(content.shown, media_url), distance=apart)


class SimilarList(View):
    items: list[SimilarView]


class EntryPage(View):
    items: list[EntryView]
    next: str | None = None


class ChosenPicture(View):
    """A picture of yours from the commons: name its id in `pictures` of your product."""

    picture_id: str
    licence: LicenceView
    credit: str = Field(description="to be named with it, where the licence asks for that")

    @classmethod
    def of(cls, picture: Picture, grant: Grant) -> Self:
        return cls(picture_id=picture.id, licence=LicenceView.of(grant.licence), credit=grant.credit)
