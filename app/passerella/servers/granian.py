"""Granian, behind a relay of ours: its core is Rust, and the bytes are seen while they pass by the relay."""

from pathlib import Path

from passerella.servers.model import APP, ASGI, OPTIONS, PORT, WSGI, Option, Server

LAUNCHER = Path(__file__).parent / "launchers" / "granian_relay.py"


def _granian(name: str, interface: str) -> Server:
    return Server(
        name=name,
        title="Granian",
        distribution="granian",
        module="granian",
        interfaces=frozenset({interface}),
        arguments=(OPTIONS, APP, PORT),
        making=("{app}()",),
        options=(
            Option(
                (str(LAUNCHER), interface),
                "Avvia Granian e gli fa da tramite: Granian legge e scrive in Rust, dove la sonda non vede, e i suoi "
                "byte si vedono mentre passano di qui. Ascolta solo su questo computer. Con la porta 0 è il sistema "
                "a sceglierne una libera.",
            ),
        ),
    )


GRANIAN = _granian("granian", ASGI)
GRANIAN_WSGI = _granian("granian-wsgi", WSGI)
