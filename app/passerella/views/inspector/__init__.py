"""What can be known of one row: the mapping, the bytes, the source, the explanation."""

from passerella.views.inspector.bytes import BytesLine, BytesView, bytes_at, bytes_lines
from passerella.views.inspector.environ import EnvironLine, Mapping, environ_lines, mapping_at
from passerella.views.inspector.explanation import Explanation, explanation, key_explanation
from passerella.views.inspector.source import SourceLine, source_lines

__all__ = [
    "BytesLine",
    "BytesView",
    "EnvironLine",
    "Explanation",
    "Mapping",
    "SourceLine",
    "bytes_at",
    "bytes_lines",
    "environ_lines",
    "explanation",
    "key_explanation",
    "mapping_at",
    "source_lines",
]
