"""Which links are refused before anything is looked up."""

import ipaddress

import pytest

from bot.errors import LinkRefused
from bot.fetching.addresses import is_public, parse_link

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:7f00:1::",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_public_address_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://gull.example/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gull.example/a",
        "http://",
        "http:///a",
        "http://user@gull.example/",
        "http://user:secret@gull.example/",
        "http://gull.example@10.0.0.1/",
        "http://gull.example:8080/",
        "http://gull.example:22/",
        "https://gull.example:80/",
        "http://gull.example:99999/",
        "http://gull.example\\@10.0.0.1/",
        "http://gull.example/a b",
        "http://gull.exa\nmple/",
        "http://gull.example/\x00",
        "http://localhost/",
        "http://localhost./",
        "http://printer/",
        "http://db.internal/",
        "http://nas.local/",
        "http://раypal.example/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://-gull.example/",
        "http://gull..example/",
        "http://999.1.1.1/",
        "http://1.2.3.4.5/",
        "http://gull.example/" + "a" * 3000,
    ],
)
def test_doubtful_link_is_refused_in_a_sentence(url):
    with pytest.raises(LinkRefused, match=r"\.$"):
        parse_link(url)


@pytest.mark.parametrize(
    "written",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "①②⑦.0.0.1", "[::ffff:127.0.0.1]"],
)
def test_address_in_disguise_is_seen_through(written):
    link = parse_link(f"http://{written}/")

    assert not is_public(ipaddress.ip_address(link.host))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Gull.Example/a?b=c#d", "http://gull.example/a?b=c"),
        ("https://gull.example:443", "https://gull.example/"),
        ("https://gäll.example/straße", "https://xn--gll-qla.example/stra%C3%9Fe"),
        ("https://例え.example/", "https://xn--r8jz45g.example/"),
        ("https://gull.example/a%20b", "https://gull.example/a%20b"),
    ],
)
def test_ordinary_link_has_one_form(url, canonical):
    assert parse_link(url).url == canonical
