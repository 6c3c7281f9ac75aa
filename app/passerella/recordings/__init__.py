"""The stored stream of events (design §6): write, read, migrate, and keep secrets out of it. The format: FORMATO.md."""
