"""Pure: secrets become asterisks of the same length, so that every offset holds (design §5)."""

from passerella.recordings.masking.events import Masker

__all__ = ["Masker"]
