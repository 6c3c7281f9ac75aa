"""Explanations by key: what a step, a key, a station is. Data in a folder a language, read at first use."""

from passerella.texts.loader import (
    Text,
    Word,
    direction,
    hold,
    key_text,
    origin,
    station,
    station_title,
    step_text,
    word,
)

__all__ = [
    "Text",
    "Word",
    "direction",
    "hold",
    "key_text",
    "origin",
    "station",
    "station_title",
    "step_text",
    "word",
]
