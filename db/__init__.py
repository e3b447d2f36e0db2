"""Nouns, and where they are kept: the article model, the store protocol and its backends."""
