"""Which texts SNS and SQS take: the characters of XML 1.0. JSON has all others escaped, but for two.

docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: a message with any other character is refused.
"""

REFUSED = "\ufffe\uffff"
"""No characters of Unicode; JSON writes them as they are."""


def sendable(document: str) -> str:
    """A JSON text that says the same as `document`, and that SNS and SQS take."""
    for character in REFUSED:
        if character in document:
            document = document.replace(character, f"\\u{ord(character):x}")
    return document
