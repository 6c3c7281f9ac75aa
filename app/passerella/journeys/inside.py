"""Calls of an app that the web server runs inside itself: no bytes go between the two, so nothing of them is joined.

The app is told the client's address and port, which are those of the connection in the log. On a connection one
request is answered at a time, so the call is of the last one that had been read when it came.
"""

from collections.abc import Mapping

from passerella.events import Value
from passerella.journeys.growing import Growing
from passerella.journeys.hops import Conversation

_READ = "front_request"
_MOST = 256  # journeys of a connection that are looked at, the latest


def peer_of(mapping: Mapping[str, Value]) -> str:
    """«address:port» of the client, as ``environ`` tells it."""
    return f"{mapping.get('REMOTE_ADDR', '')}:{mapping.get('REMOTE_PORT', '')}"


def journey_of_call(conversation: Conversation, mapping: Mapping[str, Value], t: int) -> Growing | None:
    """The journey of a call at ``t`` that has this ``environ``; None as long as the log did not tell of it."""
    for ordinal in sorted(conversation.journeys, reverse=True)[:_MOST]:
        growing = conversation.journeys[ordinal]
        read = next((step.t for step in growing.journey.steps if step.name == _READ), None)
        if read is None or read > t:
            continue
        same = growing.journey.method == mapping.get("REQUEST_METHOD") and not growing.called
        return growing if same else None
    return None
