"""Which IP addresses the hub connects to for a stranger: global unicast, and nothing that a registry keeps for special use. Pure.

Which URLs it calls at all says ssrf_url.py: this is asked of what a URL's name resolves to, before each connection (network.py).

Sources: IANA "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry", "IPv4 Multicast" (RFC 5771),
"IPv6 Address Space" (global unicast is 2000::/3). The blocks are listed here, not asked of `ipaddress.is_global`: Python 3.11
calls 2002::/16, 2001:20::/28 and 64:ff9b:1::/48 otherwise than 3.13, and both call multicast, 192.88.99.0/24, ::10.0.0.1 and
3fff::/20 global. Whole blocks are refused where only parts are reachable, and all forms that carry an IPv4 address within:
whoever serves the public has another.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

_SPECIAL_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; 0.0.0.0 reaches the host itself on Linux
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private
            "100.64.0.0/10",  # shared with carriers; metadata of Alibaba Cloud
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local; metadata of AWS, Google, Azure
            "192.0.0.0/24",  # IETF protocols; metadata of Oracle Cloud
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation
            "192.31.196.0/24", "192.175.48.0/24",  # AS112, where queries for private names end
            "192.52.193.0/24",  # automatic multicast tunnelling
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",  # benchmarking
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
            "168.63.129.16/32",  # Azure's machine agent, in public space (learn.microsoft.com, "What is IP address 168.63.129.16")
        ),
    )
)  # fmt: skip
_GLOBAL_V6 = IPv6Network("2000::/3")
"""Outside of it lie ::, ::1, ::ffff:0:0/96 (mapped), ::/96 (compatible), 64:ff9b::/96 (NAT64), fc00::/7, fe80::/10, ff00::/8."""
_SPECIAL_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # IETF protocols: Teredo, benchmarking, ORCHID
            "2001:db8::/32", "3fff::/20",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
        ),
    )
)  # fmt: skip


def public(address: str) -> bool:
    """Whether `address`, as a resolver answers it, is one that anybody on the internet could mean."""
    return special(address) is None


def special(address: str) -> str | None:
    """Why `address` is not public: the block it lies in; None if it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "not an address"
    if isinstance(ip, IPv4Address):
        return next((str(block) for block in _SPECIAL_V4 if ip in block), None)
    if ip.scope_id is not None or ip not in _GLOBAL_V6:
        return f"outside {_GLOBAL_V6}"
    return next((str(block) for block in _SPECIAL_V6 if ip in block), None)
