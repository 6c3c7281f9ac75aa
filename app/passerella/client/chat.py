"""Clients of one WebSocket, one or several: they speak in turn, and each hears what the server tells it."""

import contextlib
from collections.abc import Sequence

from passerella.client.abort import Abort
from passerella.client.told_socket import Log
from passerella.client.websocket import Dialog, Message, Outcome


def chat(
    host: str,
    port: int,
    line: str,
    messages: Sequence[str | bytes],
    log: Log,
    *,
    clients: int,
    headers: Sequence[tuple[str, str]] = (),
    abort: Abort | None = None,
    patience: float = 2.0,
) -> list[Outcome]:
    """Open them all; the next one sends the next message when all had their answer to the last, or ``patience`` was over;
    say goodbye."""
    with contextlib.ExitStack() as opened:
        dialogs = [
            opened.enter_context(Dialog.open(host, port, line, log, headers=headers, abort=abort))
            for _ in range(clients)
        ]
        received: list[list[Message]] = [[] for _ in dialogs]
        for turn, content in enumerate(messages):
            speaker = dialogs[turn % clients]
            if speaker.closed:
                break
            speaker.send(content)
            for dialog, heard in zip(dialogs, received, strict=True):
                answer = dialog.receive(patience)
                if answer is not None:
                    heard.append(answer)
        for dialog in dialogs:
            dialog.close()
        return [Outcome(dialog.status, heard, dialog.code) for dialog, heard in zip(dialogs, received, strict=True)]
