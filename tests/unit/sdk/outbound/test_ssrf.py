"""Nothing reaches into a network through a URL that a stranger gave: the table of tools/ssrf_table.py."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monsoon_plugin.outbound.ssrf_address import public
from monsoon_plugin.outbound.ssrf_url import Refused, Rule, checked
from tools.ssrf_table import VECTORS, Vector, safe, tried


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.what)
def test_every_vector_is_stopped_where_it_must_be_and_honest_ones_are_not(vector: Vector):
    verdict = tried(vector)
    assert safe(vector, verdict), verdict


def test_the_table_has_at_least_sixty_attacks():
    assert sum(vector.stopped != "sent" for vector in VECTORS) >= 60


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_whatever_is_public_is_global_to_python_too(address: IPv4Address | IPv6Address):
    assert not public(str(address)) or (address.is_global and not address.is_multicast and not address.is_reserved)


@given(st.ip_addresses(v=4))
def test_no_form_of_ipv6_that_carries_an_ipv4_address_is_public(inner: IPv4Address):
    number = int(inner)
    prefixes = [0, 0xFFFF << 32, 0xFFFF0000 << 32, 0x64FF9B << 96, 0x2001 << 112]
    forms = [*(prefix | number for prefix in prefixes), 0x2002 << 112 | number << 80, 0x2001 << 112 | number ^ 0xFFFFFFFF]
    assert not any(public(str(IPv6Address(form))) for form in forms)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "52.94.236.248", "2606:4700::1111", "2a00:1450:4001:80b::200e"])
def test_addresses_of_the_public_internet_are_public(address: str):
    assert public(address)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://a.example.com", "https://127", "http://localhost:"]))
def test_any_text_is_refused_or_names_a_dns_host(text: str, begin: str):
    try:
        target = checked(begin + text, local=False)
    except Refused:
        return
    assert (target.scheme, target.path[0]) == ("https", "/")
    assert target.port in (443, *range(1024, 65536))
    assert target.host.isascii()
    assert "." in target.host
    with pytest.raises(ValueError, match="does not appear to be"):
        ip_address(target.host)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/hook", "http://localhost:8080/hook", "https://localhost:8443/", "http://127.0.0.1"])
def test_this_machine_is_called_in_the_laptop_stage_alone(url: str):
    assert checked(url, local=True).loopback
    with pytest.raises(Refused):
        checked(url, local=False)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://hooks.example.com/", Rule.SCHEME),
        ("http://127.0.0.2:8080/", Rule.SCHEME),
        ("https://10.0.0.1:8080/", Rule.ADDRESS),
        ("https://[::1]:8080/", Rule.ADDRESS),
        ("https://app.localhost/", Rule.NOT_PUBLIC),
        ("http://127.0.0.1:22/", Rule.PORT),
        ("http://me@127.0.0.1:8080/", Rule.USER_INFO),
    ],
)
def test_the_laptop_stage_opens_nothing_but_its_own_machine(url: str, rule: Rule):
    with pytest.raises(Refused) as refused:
        checked(url, local=True)
    assert refused.value.rule is rule


def test_a_path_and_its_query_are_sent_as_they_were_written():
    target = checked("https://Hooks.Example.com:8443?shop=%2F1", local=False)
    assert (target.host, target.port, target.path) == ("hooks.example.com", 8443, "/?shop=%2F1")
