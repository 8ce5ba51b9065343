"""Where people on this machine read what the hub would have sent, and a short address of its API, for links in mails."""

from typing import Any

from ministack import app
from ministack.services import apigateway_v1

from local.mendings.mail import mailbox_pages
from local.mendings.mail.sent_mails import mailbox

MAILBOX, HUB = "/mailbox", "/hub/"
"""The second is what the parameter LinksUrl ends with on a laptop: an API's own address is not known before it is made."""
SHOWN = 100
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
           "Referrer-Policy": "no-referrer"}  # fmt: skip
Answer = tuple[int, dict[str, str], bytes]


def mend() -> None:
    dataplane, api = app._handle_cloudfront_dataplane_request, app._handle_execute_api_request

    async def mailbox_too(*request: Any, **more: Any) -> Any:
        _, path, _, _, method, *_ = request
        if method == "GET" and (path == MAILBOX or path.startswith(f"{MAILBOX}/")):
            return served(path.removeprefix(MAILBOX).strip("/"))
        return await dataplane(*request, **more)

    async def shortly_too(host: str, path: str, *request: Any, **more: Any) -> Any:
        if path.startswith(HUB):
            path = own_address(path)
            more["raw_path"] = own_address(more["raw_path"]) if more.get("raw_path") else None
        return await api(host, path, *request, **more)

    app._handle_cloudfront_dataplane_request = mailbox_too
    app._handle_execute_api_request = shortly_too


def own_address(path: str) -> str:
    """The path of the one API that the hub has."""
    api_id = next(iter(apigateway_v1._rest_apis), "")
    return f"/_aws/execute-api/{api_id}/local/{path.removeprefix(HUB)}"


def served(wanted: str) -> Answer:
    """The list; a mail by its name; its HTML alone by its name and `/html`."""
    box, (name, _, part) = mailbox(), wanted.partition("/")
    if not wanted:
        return _page(mailbox_pages.list_page([mail for mail in map(box.mail, box.names()[:SHOWN]) if mail]), mailbox_pages.PAGE_POLICY)
    mail = box.mail(name)
    if mail is None or part not in ("", "html"):
        return 404, {"Content-Type": "text/plain; charset=utf-8"}, b"there is no such mail\n"
    if part:
        return _page(mailbox_pages.html_frame(mail), mailbox_pages.FRAME_POLICY)
    return _page(mailbox_pages.mail_page(mail), mailbox_pages.PAGE_POLICY)


def _page(text: str, policy: str) -> Answer:
    return 200, HEADERS | {"Content-Security-Policy": policy}, text.encode()
