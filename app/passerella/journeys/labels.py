"""Names of connections: ``127.0.0.1:50312#2`` is the second one from that port."""

_REMEMBERED = 4096


class Labels:
    """Each label is given once. A client's port is remembered for so long as there are not too many others after it."""

    def __init__(self) -> None:
        self._latest: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._forgotten = 0  # the highest number among the ports that were forgotten: all that come again go on from it

    def next(self, peer: str) -> str:
        number = self._latest.get(peer) or self._before.get(peer, self._forgotten)
        if len(self._latest) >= _REMEMBERED:
            self._forgotten = max(self._forgotten, *self._before.values(), 0)
            self._before, self._latest = self._latest, {}
        self._latest[peer] = number + 1
        return f"{peer}#{number + 1}"
