"""Pure matching: a query and its candidates → ranked passages; a claim and a text → differences."""
