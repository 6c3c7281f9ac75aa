"""Explanations by key: what a step, a key, a station is. Data in a folder a language, read at first use."""

from passerella.texts.loader import (
    Misconception,
    Text,
    Word,
    direction,
    hold,
    key_text,
    misconceptions,
    origin,
    station,
    station_title,
    step_text,
    word,
)

__all__ = [
    "Misconception",
    "Text",
    "Word",
    "direction",
    "hold",
    "key_text",
    "misconceptions",
    "origin",
    "station",
    "station_title",
    "step_text",
    "word",
]
