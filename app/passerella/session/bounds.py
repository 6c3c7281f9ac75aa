"""What a message of the wire may hold: the same as in a recording."""

from passerella.recordings.bounds import check_bounds, plainly_small

__all__ = ["check_bounds", "plainly_small"]
