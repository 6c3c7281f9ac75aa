"""A comparison as lines of a table, as sentences, as objects. Differences come first."""

from passerella.views.comparison.detail import Detail, detail
from passerella.views.comparison.lines import FOLDED, Line, lines
from passerella.views.comparison.objects import objects
from passerella.views.comparison.sentences import tell

__all__ = ["FOLDED", "Detail", "Line", "detail", "lines", "objects", "tell"]
