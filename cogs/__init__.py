"""Discord commands, one file a family; the client finds them by name."""
