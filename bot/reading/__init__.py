"""Pure reading: bytes or text → Document → Reading; no I/O, no clock, no Discord."""
