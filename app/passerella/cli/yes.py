"""Yes, typed at a prompt: in either language, whichever is spoken."""

YES = frozenset(("s", "sì", "si", "y", "yes"))
