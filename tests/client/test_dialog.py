"""A WebSocket to a server that no longer reads."""

import socket
import threading

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection

from client.conftest import Serve
from passerella.client.abort import Abort
from passerella.client.websocket import Dialog
from passerella.events import ClientClosed, ClientConnected, ClientSent

LARGE = 64 * 1024 * 1024


def test_whoever_waits_to_send_stops_when_asked(serve: Serve) -> None:
    over = threading.Event()

    def shake_hands(connected: socket.socket) -> None:
        protocol = WSConnection(ConnectionType.SERVER)
        protocol.receive_data(connected.recv(65536))
        next(iter(protocol.events()))
        connected.sendall(protocol.send(AcceptConnection()))
        over.wait(20)

    log: list[object] = []
    port = serve(shake_hands)
    with Abort() as abort, Dialog.open("127.0.0.1", port, "/", log.append, abort=abort) as dialog:
        sending = threading.Thread(target=dialog.send, args=(bytes(LARGE),), daemon=True)
        sending.start()
        sending.join(0.3)
        assert sending.is_alive(), "the server reads nothing: it cannot all be gone"
        dialog.abort()
        sending.join(5)
        assert not sending.is_alive()
        assert dialog.closed
        over.set()
    sent = [each for each in log if isinstance(each, ClientSent)]
    assert sum(each.length for each in sent) < LARGE
    assert [each.offset for each in sent] == [sum(e.length for e in sent[:n]) for n in range(len(sent))]
    assert isinstance(log[0], ClientConnected)
    assert isinstance(log[-1], ClientClosed)
