"""What people see who cannot be shown what they asked for: what happened, and what to do now."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from shared.api.answers import Page, Raw
from shared.errors import FieldError, Problem
from shared.pages.interface_language import accepted_interface, interface_of
from shared.pages.page_answers import html_page
from shared.pages.texts import texts
from shared.pages.visits.visit import VisitOver

Say = Callable[[str], str]


class Gone(Problem):
    """It was here and will not come back. Its detail is shown to people: why."""

    status, code, title = HTTPStatus.GONE, "gone", "It is no longer here"


def refusal_page(problem: Problem, raw: Raw, query: dict[str, str]) -> Page:
    """The page of a problem, in the language that its address or its reader's browser names."""
    wished = query.get("language", "")
    interface = interface_of(wished) if wished else accepted_interface(raw.headers.get("accept-language", ""))
    _ = texts(interface).gettext
    title, advice = _words(problem, _)
    retry = problem.more.get("retry_after")
    headers = {"Cache-Control": "no-store", **({"Retry-After": str(retry)} if retry is not None else {})}
    told = {
        "title": title, "advice": advice, "reason": problem.detail if isinstance(problem, Gone) else "",
        "fields": _named(problem), "back": problem.more.get("back", ""), "to": _to(problem, _),
        "find": problem.more.get("find", "find" if isinstance(problem, VisitOver) and not problem.is_of_order else ""),
    }  # fmt: skip
    return html_page("shared/pages/refusal.html", interface, interface, told, status=int(problem.status), headers=headers)


def _named(problem: Problem) -> Sequence[FieldError]:
    """The fields that its page names."""
    return problem.errors if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY and not isinstance(problem, VisitOver) else ()


def _said_of_visit(_: Say) -> str:
    """Of a page of which nobody knows whether something was ordered from its cart since."""
    return _(
        "This page ordered nothing now. What you ordered before stands: its number and your e-mail find it, and the mail about it leads to "
        "it. If you ordered nothing yet, go back to your cart, and go on from there."
    )


def _to(problem: Problem, _: Say) -> str:
    if not isinstance(problem, VisitOver):
        return _("To the shop")
    return _("To the order") if problem.is_of_order else _("Back to the cart")


def _words(problem: Problem, _: Say) -> tuple[str, str]:
    """The heading and the advice for a problem."""
    if isinstance(problem, VisitOver):
        stands = _("Nothing was charged by it. The order stands as it was: go on from its page.")
        return _("This page was left open for too long"), stands if problem.is_of_order else _said_of_visit(_)
    if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY and any(error.pointer.startswith("/") for error in problem.errors):
        return _("Something in the form cannot be used"), _("Go back, change what is named here, and send it again.")
    named = {
        "no-such-shop": (_("There is no shop at this address"), _("It may be mistyped, or not open yet. Ask who gave it to you.")),
        "shop-closed": (
            _("This shop is closed at present"),
            _("Its owner may open it again: come back later. What you ordered before stands: its number and your e-mail find it."),
        ),
    }
    if problem.code in named:
        return named[problem.code]
    told = {
        403: (_("This did not come from the shop's own page"), _("Nothing was changed. Open the shop, and send it from there.")),
        409: (_("This has changed in the meantime"), _("Nothing was done. Go back to the shop, and look at it again.")),
        404: (_("Nothing is here"), _("The address may be mistyped, or what it showed is no longer on sale. Search the shop instead.")),
        410: (
            _("This product was recalled"),
            _("Do not use it. Who sold it to you tells you how to return it and get your money back: keep your order's number at hand."),
        ),
        413: (_("That is too much at once"), _("Make it shorter, and send it again.")),
        422: (_("Something in the address cannot be used"), _("Go back, change what is named here, and try again.")),
        429: (_("Too many requests"), _("Wait a few seconds, then load the page again. Nothing is lost.")),
        503: (_("This takes a moment"), _("A part of the shop is not answering. Load the page again in a few seconds. Nothing is lost.")),
    }
    ours = (_("Something went wrong on our side"), _("It has been recorded. Load the page again in a few seconds."))
    status = int(problem.status)
    return told.get(status) or (ours if status >= 500 else (_("This cannot be shown"), _("Go back and try another way.")))
