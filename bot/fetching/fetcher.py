"""Fetching one link: checked addresses, own redirect loop, limits on time and size, robots.txt, a pause per host."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from bot.errors import FetchFailed, InputTooLarge, LinkRefused
from bot.fetching.addresses import Link, is_public, parse_address, parse_link
from bot.fetching.inflate import Inflater
from bot.fetching.robots import LIMIT_BYTES as ROBOTS_LIMIT_BYTES
from bot.fetching.robots import RobotsCache, is_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from bot.fetching.addresses import Address

MEBIBYTE = 1024 * 1024
MOST_HOSTS = 1000
REDIRECTS = frozenset((301, 302, 303, 307, 308))
NOT_MODIFIED = 304
READABLE_TYPES = frozenset(
    (
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "application/pdf",
        "application/octet-stream",
        "",
    )
)
STATUS_SENTENCES = {
    401: "The page asks for a login.",
    402: "The page asks for a payment.",
    403: "The site refuses to show this page to programs.",
    404: "There is no page at this link.",
    410: "The page at this link was removed.",
    429: "The site says that it is asked too often.",
    451: "The page is withheld for legal reasons.",
}
PASTE_INSTEAD = "Paste the article's text, or attach its file."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take. `ports` and `is_reachable` are wider only in tests against a loopback server."""

    total_s: float = 12.0
    raw_bytes: int = 4 * MEBIBYTE
    decoded_bytes: int = 8 * MEBIBYTE
    redirects: int = 5
    pause_s: float = 1.0
    ports: frozenset[int] = frozenset()
    is_reachable: Callable[[Address], bool] = is_public


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as it came. `body` is None where the site says that nothing changed since `etag` or `modified`."""

    url: str
    body: bytes | None
    content_type: str
    charset: str | None
    etag: str | None
    modified: str | None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Any
    body: bytes
    location: str | None


class Fetcher:
    """Fetches pages politely; opens its session with the first link, so an idle bot holds none."""

    def __init__(self, *, contact: str = "", limits: Limits | None = None) -> None:
        # A header holds printable ASCII only; anything else in a setting must not break every fetch.
        contact = "".join(c for c in contact if " " <= c <= "~" and c not in "()")
        self.agent = f"Verbatim/1 (quotation library bot{'; ' + contact if contact else ''})"
        self._limits = limits or Limits()
        self._robots = RobotsCache()
        self._asked: OrderedDict[str, float] = OrderedDict()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the session, if one was opened."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Fetch one link, following redirects.

        Args:
            url: As a person gave it.
            etag: The page's ETag when it was last read, to be told when nothing changed.
            modified: Its Last-Modified, likewise.

        Raises:
            LinkRefused: The link, a redirect or an address behind them is not allowed, or robots.txt closes it.
            FetchFailed: No answer in time, an error status, a wrong type, a damaged body.
            InputTooLarge: The body is over the limit.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            async with asyncio.timeout(self._limits.total_s):
                return await self._follow(url, headers)
        except TimeoutError:
            raise FetchFailed(
                f"The site did not answer within {self._limits.total_s:g} seconds. {PASTE_INSTEAD}"
            ) from None

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        seen: set[str] = set()
        for _ in range(self._limits.redirects + 1):
            link = parse_link(url, ports=self._limits.ports)
            if link.url in seen:
                raise FetchFailed(f"The site sends the link round in a circle. {PASTE_INSTEAD}")
            seen.add(link.url)
            await self._check_robots(link)
            answer = await self._ask(link, headers, limit_bytes=self._limits.decoded_bytes)
            if answer.location is None:
                return _finish(link, answer)
            url = urljoin(link.url, answer.location)
        raise FetchFailed(f"The site redirects more than {self._limits.redirects} times. {PASTE_INSTEAD}")

    async def _check_robots(self, link: Link) -> None:
        origin = link.url[: link.url.index("/", len(link.scheme) + 3)]
        rules = self._robots.find(origin)
        if rules is None:
            status, text = await self._read_robots(f"{origin}/robots.txt")
            rules = self._robots.keep(origin, status, text)
        if not is_allowed(rules, link.url, self.agent):
            raise LinkRefused(f"The site asks programs not to read this page (robots.txt). {PASTE_INSTEAD}")

    async def _read_robots(self, url: str) -> tuple[int, str]:
        for _ in range(self._limits.redirects + 1):
            link = parse_link(url, ports=self._limits.ports)
            try:
                answer = await self._ask(link, {}, limit_bytes=ROBOTS_LIMIT_BYTES, pause=False)
            except InputTooLarge:
                return 200, ""
            if answer.location is None:
                return answer.status, answer.body.decode("utf-8", "replace")
            url = urljoin(link.url, answer.location)
        return 404, ""

    async def _ask(self, link: Link, headers: dict[str, str], *, limit_bytes: int, pause: bool = True) -> _Answer:
        """One request without redirects; the body is read only where it will be used."""
        import aiohttp

        address = parse_address(link.host)
        if address is not None and not self._limits.is_reachable(address):
            raise LinkRefused("This link leads into a private network, not to the web.")
        if pause:
            await self._pause(link.host)
        try:
            async with self._open_session().get(link.url, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location") if response.status in REDIRECTS else None
                has_body = location is None and response.status != NOT_MODIFIED
                body = await self._read_body(response, limit_bytes) if has_body else b""
                return _Answer(response.status, response.headers, body, location)
        except _Private as error:
            raise LinkRefused("This link leads into a private network, not to the web.") from error
        except aiohttp.ClientError as error:
            if isinstance(error.__cause__, _Private) or isinstance(getattr(error, "os_error", None), _Private):
                raise LinkRefused("This link leads into a private network, not to the web.") from error
            raise FetchFailed(f"The site {link.host} could not be reached. {PASTE_INSTEAD}") from error
        except (OSError, ValueError) as error:
            raise FetchFailed(f"The site {link.host} could not be reached. {PASTE_INSTEAD}") from error

    async def _read_body(self, response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
        inflater = Inflater(response.headers.get("Content-Encoding", ""), limit_bytes=limit_bytes)
        body, raw_size = bytearray(), 0
        async for piece in response.content.iter_chunked(64 * 1024):
            raw_size += len(piece)
            if raw_size > self._limits.raw_bytes:
                raise InputTooLarge(f"The page is over {self._limits.raw_bytes // MEBIBYTE} MB. {PASTE_INSTEAD}")
            body += inflater.feed(piece)
        return bytes(body)

    async def _pause(self, host: str) -> None:
        """Leave a pause between two requests to one host, counted from when the last was allowed to start."""
        now = time.monotonic()
        start = max(now, self._asked.get(host, 0.0) + self._limits.pause_s)
        self._asked[host] = start
        self._asked.move_to_end(host)
        while len(self._asked) > MOST_HOSTS:
            self._asked.popitem(last=False)
        if start > now:
            await asyncio.sleep(start - now)

    def _open_session(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_make_resolver(self._limits.is_reachable),
                socket_factory=_make_socket_factory(self._limits.is_reachable),
                use_dns_cache=False,
                limit=10,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                max_line_size=8190,
                max_field_size=16380,
                headers={
                    "User-Agent": self.agent,
                    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.8,text/plain;q=0.8",
                    "Accept-Encoding": "gzip, deflate",
                    "Accept-Language": "en, *;q=0.5",
                },
            )
        return self._session


class _Private(OSError):
    """An address that is not on the open internet."""


def _make_resolver(is_reachable: Callable[[Address], bool]) -> aiohttp.abc.AbstractResolver:
    from aiohttp.abc import AbstractResolver, ResolveResult

    class CheckedResolver(AbstractResolver):
        """Refuses a name if any of its addresses is private: names that resolve to both kinds are an attack."""

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            loop = asyncio.get_running_loop()
            infos = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
            for *_, where in infos:
                if not is_reachable(ipaddress.ip_address(where[0])):
                    raise _Private(f"{host} resolves to {where[0]}")
            return [
                ResolveResult(
                    hostname=host,
                    host=str(where[0]),
                    port=port,
                    family=kind,
                    proto=proto,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
                for kind, _, proto, _, where in infos
            ]

        async def close(self) -> None:
            """Nothing is held."""

    return CheckedResolver()


def _make_socket_factory(is_reachable: Callable[[Address], bool]) -> Callable[[Any], socket.socket]:
    """Checks again at connect: aiohttp asks no resolver for literal addresses."""

    def make_socket(info: Any) -> socket.socket:
        family, kind, proto, _, where = info
        if not is_reachable(ipaddress.ip_address(where[0])):
            raise _Private(f"{where[0]} is not public")
        return socket.socket(family=family, type=kind, proto=proto)

    return make_socket


def _finish(link: Link, answer: _Answer) -> Fetched:
    """Turn the last answer into a page, or say in a sentence why it is none."""
    headers = answer.headers
    kind = headers.get("Content-Type", "").split(";")[0].strip().casefold()
    if answer.status == NOT_MODIFIED:
        return Fetched(link.url, None, kind, None, headers.get("ETag"), headers.get("Last-Modified"))
    if answer.status != 200:  # noqa: PLR2004
        told = STATUS_SENTENCES.get(answer.status, f"The site answered with an error ({answer.status}).")
        raise FetchFailed(f"{told} {PASTE_INSTEAD}")
    if kind not in READABLE_TYPES:
        raise FetchFailed(f"The link leads to {kind[:60]}, not to an article. {PASTE_INSTEAD}")
    charset = None
    for part in headers.get("Content-Type", "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().casefold() == "charset":
            charset = value.strip().strip("\"'")[:40] or None
    return Fetched(link.url, answer.body, kind, charset, headers.get("ETag"), headers.get("Last-Modified"))
