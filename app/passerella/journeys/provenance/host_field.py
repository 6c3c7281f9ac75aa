"""Keys that come from the field Host, where the server believes it (Apache: UseCanonicalName is off by default)."""

import re
from collections.abc import Iterable

from passerella.journeys.model import Span
from passerella.journeys.provenance.context import Context
from passerella.journeys.provenance.notation import Candidate

_HOST = re.compile(rb"[ \t]*(\[[^\]]*\]|[^:\r\n]*)(?::([0-9]+))?[ \t]*")


def name(context: Context) -> Iterable[Candidate]:
    """What is before the port."""
    return _part(context, 1)


def port(context: Context) -> Iterable[Candidate]:
    """The port, when it is written."""
    return _part(context, 2)


def _part(context: Context, group: int) -> Iterable[Candidate]:
    for field in context.named("host")[:1]:
        start, end = field.spans[0][0], field.spans[-1][1]
        match = _HOST.fullmatch(context.request[start:end])
        if match is not None and match[group]:
            span: Span = (start + match.start(group), start + match.end(group))
            yield Candidate(context.text(span), [span])
