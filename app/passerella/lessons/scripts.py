"""A script of WebSocket clients, one line after the other: «A apre /chat», «B ascolta», «A dice ciao», «A chiude».

Each client is used by the one thread that reads the script, so that the order of what happens is the script's own.
"""

from contextlib import ExitStack

from passerella.client.websocket import Dialog
from passerella.errors import ContentError
from passerella.language import _
from passerella.session.live import Session

VERBS = ("apre", "dice", "ascolta", "ping", "chiude", "lascia")


def read_script(lines: list[str]) -> list[tuple[str, str, str]]:
    """``(client, verb, rest)`` of each line. :class:`ContentError` when one is not understood."""
    read = []
    for line in lines:
        client, _space, words = line.strip().partition(" ")
        verb, _space, rest = words.partition(" ")
        if verb not in VERBS:
            raise ContentError(
                _("Copione, «{line}»: dopo il nome del client mi aspetto {verbs}.").format(
                    line=line, verbs=", ".join(VERBS)
                )
            )
        read.append((client, verb, rest))
    return read


def perform_script(session: Session, lines: list[str], patience: float) -> dict[str, list[str]]:
    """What each client heard: its messages, and at its end «chiuso 1000» or «rifiutato 403»."""
    heard: dict[str, list[str]] = {}
    dialogs: dict[str, Dialog] = {}
    with ExitStack() as owned:
        for client, verb, rest in read_script(lines):
            notes = heard.setdefault(client, [])
            if verb == "apre":
                dialogs[client] = owned.enter_context(session.dialog(rest))
                if not dialogs[client].accepted:
                    notes.append(f"rifiutato {dialogs[client].status}")
            elif client in dialogs:
                _act(dialogs[client], verb, rest, notes, patience)
    return heard


def _act(dialog: Dialog, verb: str, rest: str, notes: list[str], patience: float) -> None:
    if verb == "ascolta":
        message = dialog.receive(patience)
        if message is not None:
            notes.append(message.content if isinstance(message.content, str) else message.content.decode("latin-1"))
        elif dialog.closed:
            notes.append(f"chiuso {dialog.code}")
    elif verb == "chiude":
        dialog.close()
        notes.append(f"chiuso {dialog.code}")
    elif verb == "lascia":
        dialog.leave()
    elif dialog.closed:
        notes.append(f"chiuso {dialog.code}")
    elif verb == "ping":
        dialog.ping(rest.encode())
    else:
        dialog.send(rest)
