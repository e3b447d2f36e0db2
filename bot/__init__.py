"""Verbs: what Verbatim does, from reading an article to answering with its exact words."""
