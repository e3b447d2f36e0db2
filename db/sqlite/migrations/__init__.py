"""Numbered SQL files; all files of one number run in name order in one transaction, and are frozen once released."""
