"""Which links may be fetched: public addresses on the web's own ports, in whatever form they are written."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from bot.errors import LinkRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SCHEMES = {"http": 80, "https": 443}
LONGEST_URL = 2_000
# Browsers and libraries differ on what these mean inside a link (WHATWG URL against RFC 3986), so none is allowed.
AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}\ud800-\udfff]")
LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
# An IPv4 address in any of the forms that inet_aton takes: decimal, octal, hexadecimal, short.
NUMERIC = re.compile(r"^(?:0x[0-9a-f]*|\d+)$", re.IGNORECASE)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible, deprecated
        "64:ff9b:1::/48",  # local NAT64
        "100::/64",  # discard
        "fec0::/10",  # site-local, deprecated
        "192.88.99.0/24",  # 6to4 relays
        "192.0.0.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
    )
)
LOCAL_NAMES = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "localdomain",
    "home.arpa",
    "onion",
    "test",
    "invalid",
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be fetched, in one canonical form; `host` is ASCII, without brackets."""

    url: str
    scheme: str
    host: str
    port: int


def is_public(address: Address) -> bool:
    """True for an address on the open internet, looked at through every wrapping of IPv4 in IPv6."""
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        for inner in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
            if inner is not None and not is_public(inner):
                return False
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def parse_link(url: str, *, ports: frozenset[int] | None = None) -> Link:
    """Check a link's form, without looking anything up.

    Args:
        url: As given by a person or a redirect.
        ports: Ports allowed beside the scheme's own; for tests against a loopback server.

    Raises:
        LinkRefused: Another scheme or port, a user name, characters that readers disagree on, a host that is local,
            mixes scripts or hides an address in numbers.
    """
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise LinkRefused("This link is longer than 2,000 characters.")
    if AMBIGUOUS.search(url):
        raise LinkRefused("This link holds a space, a backslash or a character that does not belong in links.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise LinkRefused("This is not a link that can be read.") from error
    if parts.scheme not in SCHEMES:
        raise LinkRefused("Only links that begin with http:// or https:// can be loaded.")
    if "@" in parts.netloc:
        raise LinkRefused("This link carries a user name. Give the link without it.")
    port = SCHEMES[parts.scheme] if port is None else port
    if port not in {SCHEMES[parts.scheme], *(ports or ())}:
        raise LinkRefused(f"This link goes to port {port}; only the web's own ports, 80 and 443, are allowed.")
    host = _check_host(host)
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port == SCHEMES[parts.scheme] else f"{shown}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return Link(urlunsplit((parts.scheme, netloc, path, query, "")), parts.scheme, host, port)


def parse_address(host: str) -> Address | None:
    """The address that a host is written as, in any form; None for a name."""
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host)
        except ValueError:
            raise LinkRefused("This link's address cannot be read.") from None
    if not NUMERIC.match(host.rstrip(".").rsplit(".", 1)[-1]):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        raise LinkRefused("This link's address cannot be read.") from None


def _check_host(host: str) -> str:
    if not host or "%" in host:
        raise LinkRefused("This link names no host.")
    host = unicodedata.normalize("NFKC", host).casefold().rstrip(".")
    if parse_address(host) is not None:
        return str(parse_address(host))
    for label in host.split("."):
        _check_scripts(label)
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise LinkRefused("This link's host name cannot be read.") from error
    labels = name.split(".")
    is_local = len(labels) < 2 or any(name == local or name.endswith("." + local) for local in LOCAL_NAMES)  # noqa: PLR2004
    if is_local:
        raise LinkRefused("This link leads into a private network, not to the web.")
    if not all(LABEL.match(label) for label in labels):
        raise LinkRefused("This link's host name cannot be read.")
    return name


def _check_scripts(label: str) -> None:
    """Refuse a label that mixes scripts: раypal with a Cyrillic а is another host than it looks."""
    scripts = {unicodedata.name(c, "?").split()[0] for c in label if c.isalpha()}
    # Japanese is written in three scripts, with Latin letters among them.
    if len(scripts - {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}) > 1:
        raise LinkRefused("This link's host name mixes alphabets, as false names do.")
