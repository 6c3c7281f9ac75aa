"""The mappings of a growing journey: as the server built it, what was added beyond it; and where each key comes from."""

from contextlib import suppress
from typing import Literal

import msgspec

from passerella.events import Changes, Value
from passerella.journeys.model import Journey, Origin


class Mappings(msgspec.Struct, array_like=True):
    """``environ`` or ``scope``, and the other one when an app of one interface is inside the other's.

    Of few journeys somebody asks where the keys come from: it is found out then, see :class:`Journey`.

    :ivar built: as the server built it.
    :ivar later: keys added or changed beyond the gateway.
    :ivar inner: the environ of a WSGI app that is inside an ASGI one, or the reverse.
    :ivar environment: the names of the process variables.
    :ivar first: which of the two the server built.
    :ivar stale: the origins are to be found anew.
    """

    built: dict[str, Value] = {}
    later: dict[str, Value] = {}
    inner: dict[str, Value] = {}
    environment: frozenset[str] = frozenset()
    first: str = ""
    stale: bool = False

    def take(self, mapping: str, changes: Changes, *, building: bool) -> None:
        """Changes of ``mapping``; ``building``: it is still the server that makes them."""
        first = not self.built
        if first:
            self.first = mapping
        if mapping != self.first:
            _bring(self.inner, changes)
        elif building or first:
            _bring(self.built, changes)
        else:
            self.later.update(changes.added)
            self.later.update({key: new for key, (_, new) in changes.changed.items()})
        self.stale = True

    def renew(self, journey: Journey) -> None:
        """What was said of its origins holds no more."""
        self.stale = False
        if not self.built:
            return
        journey.interface = journey.interface or ("asgi" if "asgi" in self.built else "wsgi")
        journey.tracing = self
        with suppress(AttributeError):
            del journey.origins

    def origins(self, journey: Journey) -> dict[str, Origin]:
        """Where each key comes from, once the head is whole and the server has built its mapping."""
        from passerella.journeys.provenance import origins

        request = journey.origin_request
        if not request:  # the bytes were not seen (TLS, a server that no tap reaches): nothing can be claimed
            return {}
        interface: Literal["wsgi", "asgi"] = "asgi" if journey.interface == "asgi" else "wsgi"
        found = origins(
            request,
            self.built,
            interface=interface,
            server=journey.server,
            process_keys=self.environment,
            later=self.later,
        )
        return found | self._of_inner(request, "wsgi" if interface == "asgi" else "asgi") if self.inner else found

    def _of_inner(self, request: bytes, inner: Literal["wsgi", "asgi"]) -> dict[str, Origin]:
        """Of the mapping of the other interface: what no byte gave came with it, from who stands between the two."""
        from passerella.journeys.provenance import origins

        found = origins(request, self.inner, interface=inner, server="", process_keys=self.environment)
        return {key: "middleware" if origin == "server" else origin for key, origin in found.items()}


def _bring(mapping: dict[str, Value], changes: Changes) -> None:
    """Bring ``mapping`` up to date."""
    mapping.update(changes.added)
    mapping.update({key: new for key, (_, new) in changes.changed.items()})
    for key in changes.removed:
        mapping.pop(key, None)
