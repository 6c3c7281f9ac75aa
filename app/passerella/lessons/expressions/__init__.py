"""The language of the answers: what an author writes so that an answer is computed and never stored. Pure."""

from passerella.lessons.expressions.evaluating import evaluate
from passerella.lessons.expressions.parsing import parse

__all__ = ["evaluate", "parse"]
