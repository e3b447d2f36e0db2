"""Fetching against a loopback server that does what unfriendly sites do."""

import asyncio
import contextlib
import gzip
import socket
import time
import zlib

import pytest

from bot.errors import FetchFailed, InputTooLarge, LinkRefused
from bot.fetching.addresses import is_public
from bot.fetching.fetcher import Fetcher, Limits

PAGE = b"<html><p>The bridge is closed.</p></html>"
HTML = "Content-Type: text/html; charset=iso-8859-2\r\n"


def answer(body=PAGE, *, status="200 OK", headers=HTML, length=None):
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {size}\r\nConnection: close\r\n\r\n".encode() + body


def redirect(to, status="302 Found"):
    return answer(b"", status=status, headers=f"Location: {to}\r\n")


class Site:
    """A server on loopback: a path gives bytes, or a coroutine function that writes them itself."""

    def __init__(self, **pages):
        self.pages = {f"/{name}": page for name, page in pages.items()}
        self.asked = []
        self.tasks = set()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        try:
            await self.answer(reader, writer)
        finally:
            writer.close()

    async def answer(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = request.split(" ")[1]
            self.asked.append(request)
            page = self.pages.get(path, answer(b"", status="404 Not Found"))
            if callable(page):
                await page(writer)
            else:
                writer.write(page.replace(b"SITE", self.url.encode()))
                await writer.drain()

    def limits(self, **changes):
        def is_reachable(address):
            return str(address) == "127.0.0.1" or is_public(address)

        return Limits(
            **{"total_s": 5.0, "pause_s": 0.0, "ports": frozenset({self.port}), "is_reachable": is_reachable, **changes}
        )


def fetch(path="/a", *, limits=None, conditions=None, **pages):
    """The page at `path` of a site with these pages, and the requests that the site saw."""

    async def scenario():
        async with Site(**pages) as site:
            fetcher = Fetcher(contact="desk@gull.example", limits=site.limits(**(limits or {})))
            try:
                url = path if "://" in path else site.url + path
                return await fetcher.fetch(url.replace("PORT", str(site.port)), **(conditions or {})), site.asked
            finally:
                await fetcher.close()

    return asyncio.run(scenario())


def test_page_comes_with_its_charset_and_an_honest_agent():
    page, asked = fetch(a=answer())

    assert page.body == PAGE
    assert (page.content_type, page.charset) == ("text/html", "iso-8859-2")
    assert "desk@gull.example" in asked[-1]
    assert "cookie" not in asked[-1].casefold()


def test_redirect_is_followed_and_the_last_link_told():
    page, _ = fetch(a=redirect("/b"), b=redirect("SITE/c", "308 Permanent Redirect"), c=answer())

    assert page.url.endswith("/c")


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://2852039166/",
        "http://0x7f.2/",
        "//192.168.0.1/",
        "file:///etc/passwd",
        "http://localhost/",
        "http://127.0.0.1:1/",
        "http://user@gull.example/",
    ],
)
def test_redirect_to_a_forbidden_place_is_refused(target):
    with pytest.raises(LinkRefused):
        fetch(a=redirect(target))


@pytest.mark.parametrize("host", ["10.0.0.1", "[::1]", "3232235777", "0300.0250.1.1"])
def test_private_address_is_never_connected_to(host):
    async def scenario():
        fetcher = Fetcher()
        try:
            await fetcher.fetch(f"http://{host}/")
        finally:
            await fetcher.close()

    with pytest.raises(LinkRefused, match="private network"):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "answers",
    [[["10.0.0.1"]], [["127.0.0.1"]], [["93.184.216.34", "10.0.0.1"]], [["::ffff:192.168.0.1"]]],
    ids=["private", "loopback", "both-kinds", "mapped"],
)
def test_name_that_resolves_into_a_private_network_is_refused(monkeypatch, answers):
    async def getaddrinfo(_loop, _host, port, **_):
        found = answers[0]
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)

    async def scenario():
        fetcher = Fetcher()
        try:
            await fetcher.fetch("http://gull.example.com/")
        finally:
            await fetcher.close()

    with pytest.raises(LinkRefused, match="private network"):
        asyncio.run(scenario())


def test_address_is_checked_again_at_connect():
    """The resolver's answer is not trusted twice: the socket itself refuses."""
    from bot.fetching.fetcher import _make_socket_factory

    make_socket = _make_socket_factory(is_public)

    with pytest.raises(OSError, match="not public"):
        make_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))


def test_circle_and_long_chain_of_redirects_end():
    with pytest.raises(FetchFailed, match="circle"):
        fetch(a=redirect("/b"), b=redirect("/a"))
    with pytest.raises(FetchFailed, match="more than 5"):
        fetch(a=redirect("/1"), **{str(i): redirect(f"/{i + 1}") for i in range(1, 9)})


async def endless(writer):
    writer.write(f"HTTP/1.1 200 OK\r\n{HTML}\r\n".encode())
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def drip(writer):
    writer.write(f"HTTP/1.1 200 OK\r\n{HTML}\r\n".encode())
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silent(_writer):
    await asyncio.sleep(60)


def test_endless_body_stops_at_the_limit():
    with pytest.raises(InputTooLarge, match="4 MB"):
        fetch(a=endless)


@pytest.mark.parametrize("page", [drip, silent], ids=["drip", "silent"])
def test_slow_site_meets_the_deadline(page):
    started = time.monotonic()

    with pytest.raises(FetchFailed, match=r"within 0\.4 seconds"):
        fetch(a=page, limits={"total_s": 0.4})

    assert time.monotonic() - started < 4


def compressed(encoding, body):
    return answer(body, headers=HTML + f"Content-Encoding: {encoding}\r\n")


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("identity", PAGE),
    ],
    ids=["gzip", "zlib", "raw-deflate", "identity"],
)
def test_compressed_page_is_opened(encoding, body):
    page, _ = fetch(a=compressed(encoding, body))

    assert page.body == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_compression_bomb_stops_at_the_limit(encoding):
    bomb = (gzip.compress if encoding == "gzip" else zlib.compress)(bytes(64 * 1024 * 1024))

    with pytest.raises(InputTooLarge, match="8 MB"):
        fetch(a=compressed(encoding, bomb))


@pytest.mark.parametrize(
    "page",
    [
        compressed("gzip", b"no gzip at all"),
        compressed("br", PAGE),
        compressed("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        answer(length=5000),
        answer(headers="Content-Type: image/png\r\n"),
        answer(headers="Content-Type: video/mp4\r\n"),
        answer(b"", status="403 Forbidden"),
        answer(b"", status="404 Not Found"),
        answer(b"", status="500 Internal Server Error"),
        b"no HTTP at all\r\n\r\n",
        b"",
    ],
    ids=["false-gzip", "brotli", "twice", "wrong-length", "image", "film", "403", "404", "500", "no-http", "nothing"],
)
def test_bad_answer_becomes_a_sentence_that_offers_a_way_out(page):
    with pytest.raises(FetchFailed) as caught:
        fetch(a=page)

    assert str(caught.value).endswith(".")


def test_robots_closed_page_is_not_asked_for():
    robots = answer(b"User-agent: *\nDisallow: /a\n", headers="Content-Type: text/plain\r\n")

    with pytest.raises(LinkRefused, match=r"robots\.txt"):
        fetch(a=answer(), **{"robots.txt": robots})


def test_broken_robots_closes_a_site_and_a_missing_one_opens_it():
    with pytest.raises(LinkRefused, match=r"robots\.txt"):
        fetch(a=answer(), **{"robots.txt": answer(b"", status="503 Service Unavailable")})

    assert fetch(a=answer())[0].body == PAGE


def test_unchanged_page_is_told_by_its_etag():
    page, asked = fetch(
        a=answer(b"", status="304 Not Modified", headers=""), conditions={"etag": '"v1"', "modified": "Tue"}
    )

    assert page.body is None
    assert 'If-None-Match: "v1"' in asked[-1]


def test_two_requests_to_one_host_leave_a_pause():
    async def scenario():
        async with Site(a=answer()) as site:
            fetcher = Fetcher(limits=site.limits(pause_s=0.3))
            try:
                started = time.monotonic()
                for _ in range(2):
                    await fetcher.fetch(site.url + "/a")
                return time.monotonic() - started
            finally:
                await fetcher.close()

    assert asyncio.run(scenario()) >= 0.3
