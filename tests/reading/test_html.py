"""Web pages: paragraphs as published, the page's furniture gone, its head read."""

import contextlib

import pytest

from bot.errors import UnreadableInput
from bot.reading.formats import Material, parse_source
from db.model import Head

PARAGRAPHS = (
    "The council of Port Herald voted on Tuesday night to close the harbour bridge, its only crossing, for nine weeks.",
    "“We have <em>no</em> choice,” said <a href='/tom'>Tom Brennan</a>, the harbour master, “it is this or a ferry.”",
    "Traders said they would ask the mayor, Ines Duarte, for help with rents until the bridge is open again in summer.",
    "The last time the bridge was closed, in 1987, a third of the shops along the quay were given up within the year.",
    "A decision on the ferry is expected on Thursday, when the council meets again in the old customs house.",
)
PLAIN = tuple(p.replace("<em>no</em>", "no").replace("<a href='/tom'>", "").replace("</a>", "") for p in PARAGRAPHS)


def page(body, *, head=""):
    navigation = "".join(f"<li><a href='/{i}'>Section {i}</a></li>" for i in range(12))
    return f"""<!doctype html><html lang="en-GB"><head><title>Bridge to close for nine weeks | The Gull</title>{head}
    </head><body>
    <nav><ul>{navigation}</ul></nav>
    <main><article><h1>Bridge to close for nine weeks</h1>{body}</article>
    <aside class="related"><h2>Most read</h2><ul><li><a href="/a">The night the river rose</a></li></ul></aside></main>
    <footer><p>© 2024 The Gull. All rights reserved. Terms and conditions apply to everything on this page.</p></footer>
    </body></html>"""


def article(*extra, at=2):
    parts = [f"<p>{p}</p>" for p in PARAGRAPHS]
    return "".join([*parts[:at], *extra, *parts[at:]])


def read(html, **given):
    return parse_source(Material(text=html, is_html=True, given=Head(**given)))


def kinds(document, kind):
    return [b.span.slice(document.text) for b in document.blocks if b.kind == kind]


def test_paragraphs_come_back_exactly():
    assert kinds(read(page(article())), "paragraph") == list(PLAIN)


@pytest.mark.parametrize(
    "extra",
    [
        "<p>Read more: <a href='/x'>Five things about the bridge</a></p>",
        "<p><a href='/x'>How the quay was lost to the river, one winter at a time</a></p>",
        "<div class='newsletter-signup'><p>Get the best of The Gull delivered to your inbox every morning.</p></div>",
        "<p>Like this story? Share it with a friend!</p>",
        "<figure><img src='q.jpg'><figcaption>The quay on Monday. Lena Hart/Coast</figcaption></figure>",
        "<p>Advertisement</p>",
        "<script>document.write('<p>no text</p>')</script>",
        "<p style='display:none'>Hidden words that no reader of the page has ever seen stand here.</p>",
    ],
    ids=["read-more", "link", "newsletter", "appeal", "caption", "advertisement", "script", "hidden"],
)
def test_what_stands_between_paragraphs_is_no_paragraph(extra):
    assert kinds(read(page(article(extra))), "paragraph") == list(PLAIN)


def test_a_caption_inside_the_article_is_kept_as_caption():
    figure = "<figure><figcaption>The quay on Monday, seen from the ferry</figcaption></figure>"

    assert kinds(read(page(article(figure))), "caption") == ["The quay on Monday, seen from the ferry"]


def test_a_quoted_post_inside_the_article_is_kept():
    post = (
        "<blockquote class='twitter-tweet'><p>The bridge is older than all of us.</p>— Ines Duarte (@ines)</blockquote>"
    )

    assert "The bridge is older than all of us." in kinds(read(page(article(post))), "paragraph")


def test_a_subheading_is_kept_and_one_over_nothing_is_not():
    inside, after = "<h2>What it will cost</h2>", "<h2>Popular on The Gull</h2>"

    paragraphs = kinds(read(page(article(inside) + after)), "paragraph")

    assert "What it will cost" in paragraphs
    assert "Popular on The Gull" not in paragraphs


def test_a_list_is_one_paragraph_with_a_line_for_each_item():
    items = "<ul><li>Carts use the upper ford until June.</li><li>Boats pass at high water, as before.</li></ul>"

    paragraphs = kinds(read(page(article(items))), "paragraph")

    assert "Carts use the upper ford until June.\nBoats pass at high water, as before." in paragraphs


def test_paragraphs_parted_by_two_breaks_are_paragraphs():
    body = "<div>" + "<br><br>".join(PARAGRAPHS) + "</div>"

    assert kinds(read(page(body)), "paragraph") == list(PLAIN)


def test_title_is_the_heading_and_no_paragraph_repeats_it():
    document = read(page("<h2>Bridge to close for nine weeks</h2>" + article()))

    assert document.head.title == "Bridge to close for nine weeks"
    assert kinds(document, "title") == ["Bridge to close for nine weeks"]
    assert "Bridge to close for nine weeks" not in kinds(document, "paragraph")


LINKED = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle",
"headline": "Bridge to close for nine weeks", "author":
[{"@type": "Person", "name": "Maria Keane"}, {"name": "Li Wei"}],
"publisher": {"name": "The Gull"}, "datePublished": "2024-03-05T18:30:00Z"}]}</script>"""
METAS = """<meta property="og:site_name" content="The Gull"><meta name="author" content="By Maria Keane and Li Wei">
<meta property="article:published_time" content="2024-03-05T18:30:00+00:00">"""
VISIBLE = """<div class="byline">By Maria Keane and Li Wei</div><time datetime="2024-03-05T18:30Z">5 March</time>"""


@pytest.mark.parametrize(
    ("head", "body"), [(LINKED, ""), (METAS, ""), ("", VISIBLE)], ids=["json-ld", "meta", "visible"]
)
def test_head_is_read_from_wherever_the_page_says_it(head, body):
    found = read(page(body + article(), head=head)).head

    assert (found.byline or "").replace(" and ", ", ") == "Maria Keane, Li Wei"
    assert found.publisher == "The Gull"
    assert found.published == "2024-03-05T18:30+00:00"
    assert found.language == "en"


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Maria Keane, Political Editor", "Maria Keane"),
        ("Maria Keane | Coast News", "Maria Keane"),
        ("By Maria Keane", "Maria Keane"),
        ("Maria Keane, Futurepress", "Maria Keane"),
        ("The Gull", None),
        ("admin", None),
        ("https://gull.example/authors/7", None),
    ],
)
def test_byline_names_people_without_role_agency_or_the_paper_itself(author, byline):
    head = f'<meta property="og:site_name" content="The Gull"><meta name="author" content="{author}">'

    assert read(page(article(), head=head)).head.byline == byline


@pytest.mark.parametrize("link", ["http://[broken", "javascript:void(0)", "http://gull.example:99999999/", "\x01"])
def test_broken_links_of_a_page_cost_nothing(link):
    head = f'<link rel="canonical" href="{link}"><meta property="og:url" content="{link}">'

    assert kinds(read(page(article(), head=head), url=link), "paragraph") == list(PLAIN)


def test_broken_json_ld_costs_nothing():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": [[[</script>'

    assert kinds(read(page(article(), head=head)), "paragraph") == list(PLAIN)


def test_article_that_only_the_metadata_carry_is_read_from_there():
    body = "\\n\\n".join(PLAIN).replace('"', '\\"')
    linked = f'{{"@type": "NewsArticle", "headline": "Bridge", "articleBody": "{body}"}}'
    head = f'<script type="application/ld+json">{linked}</script>'

    assert kinds(read(page("<p>Please enable JavaScript to read.</p>", head=head)), "paragraph") == list(PLAIN)


@pytest.mark.parametrize(
    ("canonical", "kept"),
    [
        ("/2024/bridge", "https://gull.example/2024/bridge"),
        ("https://www.gull.example/2024/bridge", "https://www.gull.example/2024/bridge"),
        ("https://other.example/2024/bridge", "https://gull.example/x?utm=1"),
        ("https://gull.example/", "https://gull.example/x?utm=1"),
    ],
    ids=["own", "own-www", "another-site", "front-page"],
)
def test_canonical_link_is_kept_where_it_is_the_sites_own(canonical, kept):
    head = f'<link rel="canonical" href="{canonical}">'

    assert read(page(article(), head=head), url="https://gull.example/x?utm=1").head.url == kept


def test_archived_page_keeps_the_original_link_and_loses_the_toolbar():
    bar = "<div id='wm-ipp-base'><p>The archive captured this page 14 times between 2019 and 2024, see all.</p></div>"

    document = read(page(bar + article()), url="https://web.archive.org/web/20240305120000/https://gull.example/bridge")

    assert document.head.url == "https://gull.example/bridge"
    assert kinds(document, "paragraph") == list(PLAIN)


@pytest.mark.parametrize(
    ("notice", "sentence"),
    [
        ("Subscribe to continue reading. Already a subscriber? Sign in.", "paywall"),
        ("We value your privacy. Accept all cookies to go on.", "consent"),
        ("Please verify you are human by completing the captcha below.", "proof that a person"),
        ("Sorry, the page was not found. It may have moved.", "no such page"),
        ("You need to enable JavaScript to run this app.", "scripts"),
    ],
)
def test_page_that_stands_before_the_article_is_named(notice, sentence):
    with pytest.raises(UnreadableInput, match=sentence):
        read(page(f"<p>The bridge is closed.</p><p>{notice}</p>"))


def test_an_article_about_paywalls_is_an_article():
    about = "<p>“Subscribe to continue reading” is what the paper now asks its readers, and few of them do so.</p>"

    assert len(kinds(read(page(article(about))), "paragraph")) == len(PARAGRAPHS) + 1


HOSTILE = {
    "million-tags": "<b>" * 1_000_000,
    "hundred-thousand-attributes": "<p " + " ".join(f"a{i}" for i in range(100_000)) + ">text",
    "quoted-attributes": "<p " + " ".join(f'a{i}="x"' for i in range(100_000)) + ">text",
    "deep": "<div>" * 40_000 + "text here",
    "entities": '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12)
    ) + "]><html><p>&m;</p></html>",
    "only-brackets": "<" * 40_000,
    "unclosed": "<p><a href='" + "x" * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_is_refused_or_read_quickly(html):
    with contextlib.suppress(UnreadableInput):
        assert len(read(html).text) < len(html) + 100
