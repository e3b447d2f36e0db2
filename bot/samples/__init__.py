"""Three fictional articles that the preview starts with; people, places and papers in them do not exist."""
