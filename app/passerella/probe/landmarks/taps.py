"""Sockets and event loops: the exact bytes. No function of a library is named: the taps put themselves in place."""

from ..landmark import BOTH, IN, OUT, Landmark, Table

TABLE = Table(
    "socket",
    "standard",
    (
        Landmark("socket.accept", "socket", "accept", IN, BOTH),
        Landmark("socket.recv", "socket", "recv", IN, BOTH),
        Landmark("socket.send", "socket", "send", OUT, BOTH),
        Landmark("socket.sendfile", "socket", "send", OUT, BOTH),
        Landmark("socket.shutdown", "socket", "shutdown", OUT),
        Landmark("socket.close", "socket", "close", OUT, BOTH),
        Landmark("protocol.connection_made", "socket", "accept", IN, BOTH),
        Landmark("protocol.data_received", "socket", "recv", IN, BOTH),
        Landmark("protocol.connection_lost", "socket", "connection_lost", OUT),
        Landmark("transport.write", "socket", "send", OUT, BOTH),
        Landmark("transport.close", "socket", "close", OUT, BOTH),
    ),
)
