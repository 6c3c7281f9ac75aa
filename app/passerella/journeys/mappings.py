"""The mappings of a growing journey: as the server built it, what was added beyond it; and where each key comes from."""

from typing import Literal

from passerella.events import Changes, Value
from passerella.journeys.model import Journey, Origin
from passerella.journeys.provenance import origins


class Mappings:
    """``environ`` or ``scope``, and the other one when an app of one interface is inside the other's.

    :ivar built: as the server built it.
    :ivar later: keys added or changed beyond the gateway.
    :ivar inner: the environ of a WSGI app that is inside an ASGI one, or the reverse.
    :ivar environment: the names of the process variables.
    :ivar stale: the origins wait for the next time that somebody looks.
    """

    def __init__(self) -> None:
        self.built: dict[str, Value] = {}
        self.later: dict[str, Value] = {}
        self.inner: dict[str, Value] = {}
        self.environment: frozenset[str] = frozenset()
        self.stale = False
        self._first = ""

    def take(self, mapping: str, changes: Changes, *, building: bool) -> None:
        """Changes of ``mapping``; ``building``: it is still the server that makes them."""
        first = not self.built
        if first:
            self._first = mapping
        if mapping != self._first:
            _bring(self.inner, changes)
        elif building or first:
            _bring(self.built, changes)
        else:
            self.later.update(changes.added)
            self.later.update({key: new for key, (_, new) in changes.changed.items()})
        self.stale = True

    def find_origins(self, journey: Journey) -> None:
        """Where each key comes from, once the head is whole and the server has built its mapping."""
        self.stale = False
        if not self.built:
            return
        interface = journey.interface or ("asgi" if "asgi" in self.built else "wsgi")
        journey.interface = interface
        request = journey.origin_request
        if not request:  # the bytes were not seen (TLS, a server that no tap reaches): nothing can be claimed
            return
        journey.origins = origins(
            request,
            self.built,
            interface="asgi" if interface == "asgi" else "wsgi",
            server=journey.server,
            process_keys=self.environment,
            later=self.later,
        )
        if self.inner:
            journey.origins |= self._of_inner(request, "wsgi" if interface == "asgi" else "asgi")

    def _of_inner(self, request: bytes, inner: Literal["wsgi", "asgi"]) -> dict[str, Origin]:
        """Of the mapping of the other interface: what no byte gave came with it, from who stands between the two."""
        found = origins(request, self.inner, interface=inner, server="", process_keys=self.environment)
        return {key: "middleware" if origin == "server" else origin for key, origin in found.items()}


def _bring(mapping: dict[str, Value], changes: Changes) -> None:
    """Bring ``mapping`` up to date."""
    mapping.update(changes.added)
    mapping.update({key: new for key, (_, new) in changes.changed.items()})
    for key in changes.removed:
        mapping.pop(key, None)
