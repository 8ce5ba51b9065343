"""The mailbox as a browser shows it: a list, a mail, and its HTML in a frame that may do nothing. No script, nothing from elsewhere."""

import re
from collections.abc import Sequence
from html import escape

from local.mendings.mail.mailbox import KeptMail

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}"
    "li{margin:.5rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #aaa;padding:1rem}"
    "iframe{width:100%;height:40rem;border:1px solid #aaa;background:#fff}dt{float:left;clear:left;width:8rem}"
    ":root{color-scheme:light dark}"
)
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail's own HTML: no script, no picture from elsewhere, no form. Its links open beside."""
LINK = re.compile(r"https?://[^\s<>\"']+")
SHOWN = ("From", "Reply-To", "X-Monsoon-Mail", "X-Monsoon-Sent-Again", "List-Unsubscribe")


def list_page(mails: Sequence[KeptMail]) -> str:
    items = "".join(
        f'<li><a href="mailbox/{mail.name}">{escape(mail.subject) or "(no subject)"}</a><br>'
        f"<small>{mail.came_at:%Y-%m-%d %H:%M:%S} UTC, to {escape(', '.join(mail.to))}</small></li>"
        for mail in mails
    )
    said = f"<ol>{items}</ol>" if items else "<p>No mail was sent yet. Sign up, or place an order with an e-mail address.</p>"
    return _page("Mailbox", f"<p>What this hub would have sent, the newest first. Nothing leaves this machine.</p>{said}")


def mail_page(mail: KeptMail) -> str:
    heads = "".join(f"<dt>{name}</dt><dd>{escape(str(mail.message[name]))}</dd>" for name in SHOWN if mail.message[name])
    plain = LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(mail.body("plain")))
    html = f'<h2>As HTML</h2><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="HTML" src="{mail.name}/html"></iframe>'
    body = (
        f'<p><a href="../mailbox">All mails</a></p><dl><dt>To</dt><dd>{escape(", ".join(mail.to))}</dd>{heads}</dl>'
        f"<h2>As text</h2><pre>{plain}</pre>{html if mail.body('html') else ''}"
    )
    return _page(mail.subject, body)


def html_frame(mail: KeptMail) -> str:
    """A mail's own HTML; its links lead out of the frame."""
    return mail.body("html").replace("<head>", '<head><base target="_blank">', 1)


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>'
