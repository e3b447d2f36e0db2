"""Results for a person in a terminal: cards that stay readable without colour and at any width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.answering import Answer
from bot.render import count, find_stand_ins, render_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from bot.answering import NoAnswer, RankedPassage
    from bot.checking import Difference, Verdict
    from bot.loading import LoadReport
    from db.model import ArticleSummary, Citation, LibrarySize, Passage, Quotation, Reading, Span

# An article must not steer the terminal: control characters are shown, not sent. Line ends and tabs may pass.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Wider lines are hard to read however wide the window is.
_MEASURE = 92
_VERDICTS = {
    "verbatim": ("✓", "Verbatim", "green"),
    "altered": ("≠", "Altered", "yellow"),
    "misattributed": ("⇄", "Said by somebody else", "yellow"),
    "not_found": ("?", "Not in the loaded articles", "cyan"),
}
_STATUS = {
    "added": "Loaded",
    "already_loaded": "Already loaded; nothing was stored twice",
    "updated": "Updated: the text changed, so a new revision was stored",
}


def show_answer(answer: Answer | NoAnswer) -> None:
    """Print the passages that answer, or that nothing does with the nearest ones marked as such."""
    console = open_console()
    if isinstance(answer, Answer):
        for number, ranked in enumerate(answer.passages, start=1):
            console.print(_passage_card(number, ranked, style="green" if number == 1 else "blue"))
        return
    console.print(Text("The loaded articles do not say.", style="bold"))
    if answer.which:
        console.print(clean(f"Which one is meant? {', '.join(answer.which)}"))
    if answer.nearest:
        console.print(Text("The nearest passages, for orientation only:", style="dim"))
        for number, ranked in enumerate(answer.nearest, start=1):
            console.print(_passage_card(number, ranked, style="dim"))


def show_verdict(verdict: Verdict) -> None:
    """Print the verdict, what differs word by word, and the original with its citation."""
    console = open_console()
    mark, name, colour = _VERDICTS[verdict.kind]
    lines: list[RenderableType] = []
    if verdict.kind == "misattributed" and verdict.claimed_speaker:
        said_by = verdict.speaker or "an unattributed speaker"
        lines.append(clean(f"Ascribed to {verdict.claimed_speaker}; in the articles these are the words of {said_by}."))
    if any(step.op != "equal" for step in verdict.difference):
        lines += [_difference(verdict.difference), Text("[-original-]  {+claim+}", style="dim")]
    lines += [clean(note) for note in verdict.notes]
    for passage in verdict.matches:
        lines += ["", _quoted(passage, ()), _citation(passage)]
    if verdict.kind == "not_found" and not lines:
        lines.append("That says nothing about whether it was said: only that no loaded article has it.")
    console.print(Panel(Group(*lines), title=f"{mark} {name}", title_align="left", border_style=colour, padding=(0, 1)))


def show_reading(reading: Reading) -> None:
    """Print an article's head and everything that was read from it."""
    console = open_console()
    head = reading.head
    console.print(clean(head.title or "Untitled", style="bold"))
    for line in (
        head.standfirst,
        head.byline,
        " · ".join(x for x in (head.publisher, render_date(head.published), head.url) if x),
    ):
        if line:
            console.print(clean(line))
    _print_quotations(console, reading)
    console.print(f"\n[bold]{count(len(reading.facts), 'fact')}[/bold]")
    for fact in reading.facts:
        console.print(Padding(clean(fact.span.slice(reading.text)), (0, 0, 0, 2)))
    _print_warnings(console, reading.warnings)


def show_report(report: LoadReport) -> None:
    """Print what became of a load in a few lines."""
    console = open_console()
    head = report.reading.head
    console.print(clean(f"{_STATUS[report.status]}: {head.title or 'Untitled'}", style="bold"))
    quotations, facts = count(len(report.reading.quotations), "quotation"), count(len(report.reading.facts), "fact")
    name = report.external_id or report.article_id
    console.print(clean(f"  article {name} · {quotations} ({report.unattributed} unattributed) · {facts}"))
    _print_warnings(console, report.warnings)


def show_articles(found: Sequence[ArticleSummary], size: LibrarySize, *, library: str) -> None:
    """Print a table of articles and how much the library holds."""
    console = open_console()
    if not found:
        console.print(clean(f"No articles found in the library “{library}”. `verbatim load article.txt` adds one."))
        return
    table = Table(box=box.SIMPLE, pad_edge=False, header_style="bold")
    table.add_column("Article")
    table.add_column("Title", ratio=1)
    table.add_column("Published")
    for header in ("Quot.", "Unattr.", "Facts"):
        table.add_column(header, justify="right", no_wrap=True)
    for summary in found:
        published = "\n".join(x for x in (summary.publisher, render_date(summary.published)) if x)
        counts = (summary.quotation_count, summary.unattributed_count, summary.fact_count)
        table.add_row(
            clean(summary.external_id or str(summary.id)),
            clean(summary.title or "Untitled"),
            clean(published),
            *(str(count) for count in counts),
        )
    console.print(table)
    console.print(
        f"{count(size.articles, 'article')} · {count(size.quotations, 'quotation')} · {count(size.facts, 'fact')}"
        f" · {count(size.speakers, 'speaker')}",
        style="dim",
    )


def open_console() -> Console:
    """A console on standard output, no wider than reads well."""
    console = Console(highlight=False, emoji=False)
    return Console(highlight=False, emoji=False, width=min(console.width, _MEASURE))


def clean(text: str, style: str = "") -> Text:
    """Text from outside as rich text: never markup, control characters replaced by a visible sign."""
    return Text(_CONTROL.sub("�", text), style=style)


def _passage_card(number: int, ranked: RankedPassage, *, style: str) -> Panel:
    passage = ranked.passage
    lines: list[RenderableType] = [_quoted(passage, ranked.highlight)]
    if named := find_stand_ins(passage.referents, passage):
        lines.append(clean("; ".join(f"“{word}” means {name}" for word, name in named.items()), style="italic"))
    lines += ["", _citation(passage)]
    lines += [clean(f"Also in {_cite(citation)}", style="dim") for citation in ranked.also_in]
    is_speech = passage.kind == "quotation"
    who = (
        _name_source(passage.speaker, passage.source_text) if is_speech else Text("In the article's own words", "bold")
    )
    return Panel(
        Group(*lines),
        title=Text(f"{number}  ") + who,
        title_align="left",
        border_style=style,
        padding=(0, 1),
    )


def _name_source(speaker: str | None, printed: str | None) -> Text:
    """Who speaks, and in quiet letters the source as printed where that is something else."""
    who = speaker or "Unattributed"
    is_other = bool(printed) and printed != who
    return clean(who, style="bold") + clean(f" ({printed})" if is_other else "", style="dim")


def _quoted(passage: Passage, highlight: Sequence[Span]) -> Text:
    text = clean(passage.text)
    for span in highlight:
        text.stylize("bold", span.start - passage.span.start, span.end - passage.span.start)
    return text


def _citation(passage: Passage) -> Text:
    cited = clean(_cite(passage.citation), style="dim")
    return cited.append(f"\n{passage.citation.url}", style="dim underline") if passage.citation.url else cited


def _cite(citation: Citation) -> str:
    parts = (citation.publisher, render_date(citation.published), citation.title)
    return " · ".join(part for part in parts if part) or f"article {citation.article_id}"


def _difference(steps: Sequence[Difference]) -> Text:
    """The claim against the original in the manner of wdiff, so that it reads without colour."""
    line = Text()
    for step in steps:
        if step.op == "equal":
            line.append(clean(step.claim))
            continue
        if step.original:
            line.append(clean(f"[-{step.original}-]", style="red"))
        if step.claim:
            line.append(clean(f"{{+{step.claim}+}}", style="green"))
    return line


def _print_quotations(console: Console, reading: Reading) -> None:
    console.print(f"\n[bold]{count(len(reading.quotations), 'quotation')}[/bold]")
    for quotation in reading.quotations:
        console.print(Padding(_quotation_line(quotation, reading.text), (0, 0, 0, 2)))


def _quotation_line(quotation: Quotation, text: str) -> Text:
    line = _name_source(quotation.speaker, quotation.source_text(text))
    line.append(f" · {quotation.type} · {quotation.confidence:.2f}\n", style="dim")
    return line.append(clean(" … ".join(span.slice(text) for span in quotation.content)))


def _print_warnings(console: Console, warnings: Sequence[str]) -> None:
    for warning in warnings:
        console.print(clean(f"Note: {warning}", style="yellow"))
