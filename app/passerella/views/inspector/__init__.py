"""What can be known of one row: the mapping, the bytes, the source, the explanation."""

from passerella.views.inspector.bytes import BytesLine, BytesView, bytes_at, bytes_lines
from passerella.views.inspector.environ import EnvironLine, Mapping, environ_lines, mapping_at
from passerella.views.inspector.explanation import Explanation, explanation, key_explanation
from passerella.views.inspector.one_byte import OneByte, byte_of_request, byte_of_response
from passerella.views.inspector.proxy import ProxyLine, ProxyView, proxy_view
from passerella.views.inspector.source import SourceLine, source_lines
from passerella.views.inspector.unfolded import unfolded

__all__ = [
    "BytesLine",
    "BytesView",
    "EnvironLine",
    "Explanation",
    "Mapping",
    "OneByte",
    "ProxyLine",
    "ProxyView",
    "SourceLine",
    "byte_of_request",
    "byte_of_response",
    "bytes_at",
    "bytes_lines",
    "environ_lines",
    "explanation",
    "key_explanation",
    "mapping_at",
    "proxy_view",
    "source_lines",
    "unfolded",
]
