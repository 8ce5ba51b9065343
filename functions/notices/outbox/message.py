"""A draft as the bytes that leave: RFC 5322 and MIME, by Python's own email package, which refuses a header of two lines."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from functions.notices.outbox.header_text import on_one_line
from functions.notices.outbox.sending import Draft

SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""Lines of ASCII, none longer than 998: SES developer guide, "Sending raw email", wants no other."""
OUR_ID, AGAIN = "X-Monsoon-Mail", "X-Monsoon-Sent-Again"


def message_of(draft: Draft, sender: str) -> bytes:
    """`sender`: the hub's From, an address with or without a name. Raises ValueError for headers that cannot be written."""
    message = EmailMessage(policy=SEVEN_BITS)
    message["From"] = on_one_line(sender)
    message["To"] = Address(addr_spec=draft.to)
    if draft.reply_to:
        message["Reply-To"] = Address(addr_spec=draft.reply_to)
    message["Subject"] = on_one_line(draft.letter.subject)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers it
    message[OUR_ID] = draft.mail_id
    if draft.again:
        message[AGAIN] = "yes"
    if draft.unsubscribe:
        message["List-Unsubscribe"] = f"<{draft.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    letter = draft.letter.said_again() if draft.again else draft.letter
    message.set_content(letter.plain)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = draft.letter.interface  # last: whatever sets a content takes away what is said of the one before
    return message.as_bytes()
