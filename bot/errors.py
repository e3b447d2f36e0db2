"""What can go wrong outside storage, each with a sentence fit for a reader."""

from __future__ import annotations


class VerbatimError(Exception):
    """Root of all errors that a person may see; `str()` is a sentence that says what was wrong and what to do."""


class ConfigError(VerbatimError):
    """A setting is missing, unknown or of the wrong type."""


class UnreadableInput(VerbatimError):
    """Text or a file cannot be read as an article."""


class InputTooLarge(VerbatimError):
    """Text or a file is over the limit."""


class ReadingTimedOut(VerbatimError):
    """Reading took longer than the worker allows, or ran out of memory."""


class LinkRefused(VerbatimError):
    """A link leads where Verbatim does not go: a private network, another scheme or port, a page closed to robots."""


class FetchFailed(VerbatimError):
    """A page could not be fetched: no such host, no answer in time, an error or a wrong kind of answer."""


class WorkerBusy(VerbatimError):
    """Too many articles wait to be read already."""


class BadQuestion(VerbatimError):
    """A question or quote has nothing in it that can be looked up."""


class NotAllowed(VerbatimError):
    """The member may not do this here."""
