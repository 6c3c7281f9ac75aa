"""Granian's own name of HTTP/1.0: «HTTP/1», or «1» in a scope."""

from collections.abc import Iterator

from passerella.journeys.provenance.context import Context
from passerella.journeys.provenance.notation import Candidate


def short_protocol(context: Context) -> Iterator[Candidate]:
    for version in short_version(context):
        (start, end), *_ = version.spans
        yield Candidate(f"HTTP/{version.value}", [(start - len("HTTP/"), end)])


def short_version(context: Context) -> Iterator[Candidate]:
    """A WebSocket's is not the request's own to say."""
    version = context.head.version
    if version is not None and context.values.get("type") != "websocket":
        yield Candidate(context.text(version).removesuffix(".0"), [version])
