"""`python -m tools.ssrf_table` tries what reaches into a network through webhooks, and prints where each is stopped, by which rule.

Nothing is sent anywhere: names are resolved as each row says, and connections are only written down. Exits with 1 if a row is
not stopped, or an honest URL is.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio
import httpcore

from monsoon_plugin.outbound.call import Failure, Limits, Request
from monsoon_plugin.outbound.client import Outbound
from monsoon_plugin.outbound.ssrf_address import public, special
from monsoon_plugin.outbound.ssrf_url import Refused, checked

PUBLIC, PUBLIC_V6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
NAME = "https://hooks.example.com/in"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(frozen=True)
class Vector:
    """One try. `answers`: what the name resolves to, the first time and later; `reply`: what the endpoint answers."""

    what: str
    url: str
    answers: tuple[tuple[str, ...], ...] = ((PUBLIC,),)
    reply: bytes = NO_CONTENT
    stopped: str = "url"
    """Where: `url`, `address`, `connection` (held to what was checked), `answer` (not followed), or nowhere: `sent`."""


def _named(what: str, *answers: str) -> Vector:
    return Vector(what, NAME, (answers,), stopped="address")


def _redirect(status: int, location: str) -> Vector:
    reply = f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    return Vector(f"redirect {status} to {location}", NAME, reply=reply, stopped="answer")


VECTORS = (
    Vector("honest", NAME, stopped="sent"),
    Vector("honest, a port and a query", "https://hooks.example.com:8443/in?shop=1&at=%2F", stopped="sent"),
    Vector("honest, a Chinese name in its ASCII form", "https://xn--fiqs8s.xn--fiqs8s/hook", stopped="sent"),
    Vector("honest, capital letters, no path", "HTTPS://Hooks.Example.COM", stopped="sent"),
    Vector("honest, IPv6", NAME, ((PUBLIC_V6,),), stopped="sent"),
    Vector("honest, digits in the name", "https://10.0.0.1.example.com/", stopped="sent"),
    Vector("plain http", "http://hooks.example.com/"),
    Vector("ftp", "ftp://hooks.example.com/"),
    Vector("file", "file:///etc/passwd"),
    Vector("gopher", "gopher://hooks.example.com:6379/_FLUSHALL"),
    Vector("javascript", "javascript:alert(1)"),
    Vector("no scheme", "//hooks.example.com/"),
    Vector("no host", "https:///in"),
    Vector("too long", "https://hooks.example.com/" + "a" * 2000),
    Vector("dotted decimal", "https://127.0.0.1/"),
    Vector("private", "https://10.0.0.5/"),
    Vector("metadata", "https://169.254.169.254/latest/meta-data/"),
    Vector("metadata over http", "http://169.254.169.254/latest/meta-data/iam/security-credentials/"),
    Vector("a public address", f"https://{PUBLIC}/"),
    Vector("one number", "https://2130706433/"),
    Vector("one number, metadata", "https://2852039166/"),
    Vector("one number beyond 32 bits", "https://6425673729/"),
    Vector("octal", "https://0177.0.0.1/"),
    Vector("octal, long", "https://0000000177.0000000.00000.0001/"),
    Vector("octal, one number", "https://017700000001/"),
    Vector("hexadecimal", "https://0x7f.0x0.0x0.0x1/"),
    Vector("hexadecimal, one number", "https://0x7f000001/"),
    Vector("hexadecimal, capital", "https://0X7F.1/"),
    Vector("mixed bases", "https://0251.0xfe.43518/"),
    Vector("two parts", "https://127.1/"),
    Vector("three parts", "https://127.0.1/"),
    Vector("zero", "https://0/"),
    Vector("unspecified", "https://0.0.0.0/"),
    Vector("broadcast", "https://255.255.255.255/"),
    Vector("an address with a trailing dot", "https://127.0.0.1./"),
    Vector("a name whose end is a number", "https://example.127/"),
    Vector("IPv6 loopback", "https://[::1]/"),
    Vector("IPv6 unspecified", "https://[::]/"),
    Vector("IPv6, metadata", "https://[fd00:ec2::254]/"),
    Vector("IPv4-mapped", "https://[::ffff:127.0.0.1]/"),
    Vector("IPv4-mapped, hexadecimal", "https://[::ffff:a9fe:a9fe]/"),
    Vector("IPv4-compatible", "https://[::7f00:1]/"),
    Vector("NAT64", "https://[64:ff9b::a9fe:a9fe]/"),
    Vector("IPv6 with a zone", "https://[fe80::1%25eth0]/"),
    Vector("an open bracket", "https://[::1/"),
    Vector("full-width digits", "https://１２７.０.０.１/"),
    Vector("full-width dots", "https://127。0。0。1/"),
    Vector("circled digits", "https://①②⑦.⓪.⓪.①/"),
    Vector("circled letters", "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/"),
    Vector("letters of another script", "https://еxample.com/"),
    Vector("a soft hyphen", "https://local\u00adhost/"),
    Vector("percent-encoded host", "https://%31%32%37.0.0.1/"),
    Vector("percent-encoded dot", "https://127%2e0%2e0%2e1/"),
    Vector("localhost", "https://localhost/"),
    Vector("localhost, capital", "https://LOCALHOST/"),
    Vector("localhost with a trailing dot", "https://localhost./"),
    Vector("below localhost", "https://app.localhost/"),
    Vector("one label", "https://intranet/"),
    Vector(".local", "https://printer.local/"),
    Vector(".internal", "https://metadata.google.internal/computeMetadata/v1/"),
    Vector("EC2's own names", "https://ip-10-0-0-1.ec2.internal/"),
    Vector(".arpa", "https://1.0.0.127.in-addr.arpa/"),
    Vector("credentials", "https://user:secret@hooks.example.com/"),
    Vector("a name as user info", "https://hooks.example.com@169.254.169.254/"),
    Vector("user info, empty", "https://@hooks.example.com/"),
    Vector("a backslash before the user info", "https://hooks.example.com\\@169.254.169.254/"),
    Vector("a fragment", "https://169.254.169.254#@hooks.example.com/"),
    Vector("a fragment behind", "https://hooks.example.com/#in"),
    Vector("a line break", "https://hooks.example.com/\r\nHost: 169.254.169.254"),
    Vector("a tab in the name", "https://local\thost/"),
    Vector("a blank before it", " https://hooks.example.com/"),
    Vector("a blank in the path", "https://hooks.example.com/ HTTP/1.1"),
    Vector("a NUL", "https://hooks.example.com\0.local/"),
    Vector("port of ssh", "https://hooks.example.com:22/"),
    Vector("port of http", "https://hooks.example.com:80/"),
    Vector("port 0", "https://hooks.example.com:0/"),
    Vector("port beyond 65535", "https://hooks.example.com:65979/"),
    Vector("port of letters", "https://hooks.example.com:https/"),
    Vector("two ports", "https://hooks.example.com:443:22/"),
    Vector("an empty port", "https://hooks.example.com:/"),
    Vector("a name that says an address", "https://127.0.0.1.nip.io/", (("127.0.0.1",),), stopped="address"),
    _named("resolves to loopback", "127.0.0.1"),
    _named("resolves to 127.0.0.2", "127.0.0.2"),
    _named("resolves to this network", "0.0.0.0"),  # noqa: S104
    _named("resolves to 10/8", "10.1.2.3"),
    _named("resolves to 172.16/12", "172.31.255.255"),
    _named("resolves to 192.168/16", "192.168.1.1"),
    _named("resolves to shared space", "100.64.0.1"),
    _named("resolves to metadata (AWS, Google, Azure)", "169.254.169.254"),
    _named("resolves to metadata (ECS)", "169.254.170.2"),
    _named("resolves to metadata (Alibaba)", "100.100.100.200"),
    _named("resolves to metadata (Oracle)", "192.0.0.192"),
    _named("resolves to Azure's machine agent", "168.63.129.16"),
    _named("resolves to benchmarking", "198.18.0.1"),
    _named("resolves to documentation", "203.0.113.7"),
    _named("resolves to multicast", "239.255.255.250"),
    _named("resolves to reserved", "240.0.0.1"),
    _named("resolves to broadcast", "255.255.255.255"),
    _named("resolves to a 6to4 relay", "192.88.99.1"),
    _named("resolves to ::1", "::1"),
    _named("resolves to ::", "::"),
    _named("resolves to metadata (AWS, IPv6)", "fd00:ec2::254"),
    _named("resolves to a unique local address", "fc00::1"),
    _named("resolves to link-local with a zone", "fe80::1%eth0"),
    _named("resolves to IPv4-mapped", "::ffff:10.0.0.1"),
    _named("resolves to IPv4-compatible", "::10.0.0.1"),
    _named("resolves to IPv4-translated", "::ffff:0:10.0.0.1"),
    _named("resolves to NAT64", "64:ff9b::a9fe:a9fe"),
    _named("resolves to local NAT64", "64:ff9b:1::a9fe:a9fe"),
    _named("resolves to 6to4", "2002:a9fe:a9fe::1"),
    _named("resolves to Teredo", "2001:0:4136:e378:8000:63bf:f5ff:fffe"),
    _named("resolves to IPv6 multicast", "ff02::1"),
    _named("resolves to IPv6 documentation", "2001:db8::1"),
    _named("resolves to the newer documentation", "3fff::1"),
    _named("resolves to site-local", "fec0::1"),
    _named("one public, one private", PUBLIC, "10.0.0.1"),
    _named("one public, one private of IPv6", PUBLIC, "fd00:ec2::254"),
    _named("the private one first", "169.254.169.254", PUBLIC),
    Vector("rebinding: public when checked, then private", NAME, ((PUBLIC,), ("169.254.169.254",)), stopped="connection"),
    Vector("rebinding, IPv6", NAME, ((PUBLIC_V6,), ("::1",)), stopped="connection"),
    Vector("rebinding: private when checked", NAME, (("127.0.0.1",), (PUBLIC,)), stopped="address"),
    _redirect(301, "https://169.254.169.254/"),
    _redirect(302, "http://127.0.0.1:8080/"),
    _redirect(303, "https://localhost/"),
    _redirect(307, "https://10.0.0.1/"),
    _redirect(308, "https://hooks.example.com:22/"),
)  # fmt: skip


@dataclass
class Wire(httpcore.AsyncMockBackend):
    """Writes down where connections go; the endpoint always answers the same."""

    reply: bytes
    connected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__([self.reply])

    async def connect_tcp(self, host: str, *args: object, **more: object) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        return await super().connect_tcp(host, 443)


@dataclass
class Names:
    """A resolver that answers otherwise each time it is asked."""

    answers: Sequence[Sequence[str]]
    asked: int = 0

    async def __call__(self, name: str) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


@dataclass(frozen=True)
class Verdict:
    """Where a vector ended, by which rule, and which addresses were connected to."""

    stopped: str
    rule: str
    connected: Sequence[str]


def tried(vector: Vector) -> Verdict:
    """Send one message to the vector's URL, as the hub does."""
    try:
        checked(vector.url, local=False)
    except Refused as refused:
        found = Verdict("url", refused.rule.name, [])
    else:
        found = Verdict("sent", "", [])
    wire, names = Wire(vector.reply), Names(vector.answers)
    outcome = anyio.run(Outbound(Limits(), local=False, resolve=names, network=wire).post, Request(vector.url, {}, b"{}"))
    if outcome.error is Failure.URL:
        return Verdict("url", found.rule, wire.connected)
    if outcome.error is Failure.ADDRESS:
        block = next(filter(None, map(special, vector.answers[0])))
        return Verdict("address", block, wire.connected)
    if outcome.status is not None and 300 <= outcome.status < 400 and len(wire.connected) == 1:
        return Verdict("answer", "no redirect is followed", wire.connected)
    if len(vector.answers) > 1 and names.asked == 1:
        return Verdict("connection", f"only to the checked {wire.connected[0]}", wire.connected)
    return Verdict("sent", f"answer {outcome.status}", wire.connected)


def safe(vector: Vector, verdict: Verdict) -> bool:
    """Whether it ended where it must, and no connection went where it must not."""
    return verdict.stopped == vector.stopped and all(map(public, verdict.connected))


def main() -> int:
    """Print the table."""
    wrong = 0
    print(f"| {'vector':<48} | {'stopped at':<10} | {'rule':<60} |\n|{'-' * 50}|{'-' * 12}|{'-' * 62}|")
    for vector in VECTORS:
        verdict = tried(vector)
        passed = not safe(vector, verdict)
        wrong += passed
        print(f"| {vector.what[:48]:<48} | {verdict.stopped:<10} | {verdict.rule:<60} |{' <-- WRONG' if passed else ''}")
    print(f"{len(VECTORS)} vectors, {sum(v.stopped == 'sent' for v in VECTORS)} of them honest; {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
