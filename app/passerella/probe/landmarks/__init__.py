"""The landmark tables: which functions a request really passes, library by library.

To add a library: a module with one or more tables, named below. Nothing else knows the libraries. In the traced
process a table is read only when something that it speaks of is imported: each Python that starts pays for the others.
"""

from __future__ import annotations

from . import boundary, taps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..landmark import Landmark, Table

# Module here, its tables, and the packages (or single modules) whose import makes them needed.
_INDEX = (
    ("wsgiref", ("TABLE",), ("wsgiref", "http.server", "socketserver")),
    ("werkzeug", ("TABLE",), ("werkzeug",)),
    ("gunicorn", ("TABLE",), ("gunicorn",)),
    ("gunicorn_asgi", ("TABLE",), ("gunicorn",)),
    ("waitress", ("TABLE",), ("waitress",)),
    ("uvicorn", ("TABLE", "PARSER"), ("uvicorn", "h11")),
    ("uvicorn_worker", ("TABLE",), ("uvicorn_worker",)),
    ("cheroot", ("TABLE",), ("cheroot",)),
    ("hypercorn", ("TABLE", "STREAMS"), ("hypercorn",)),
    ("daphne", ("TABLE", "TRANSPORT"), ("daphne", "twisted")),
    ("granian", ("TABLE", "RELAY"), ("granian", "passerella_relay")),
    ("modwsgi", ("TABLE",), ("passerella_modwsgi",)),
    ("a2wsgi", ("TABLE",), ("a2wsgi",)),
    ("flask", ("TABLE", "ROUTER"), ("flask", "werkzeug")),
    ("starlette", ("TABLE",), ("starlette",)),
    ("fastapi", ("TABLE",), ("fastapi",)),
    ("django", ("TABLE", "THREADS"), ("django", "asgiref")),
    ("tls", ("TABLE",), ("ssl",)),
)

ALWAYS = (taps.TABLE, boundary.TABLE)
# The rows of the tables that were read so far, by key.
ROWS: dict[str, Landmark] = {}


def needed_by() -> dict[str, list[str]]:
    """For each package or module that tables speak of, the modules here that have them."""
    found: dict[str, list[str]] = {}
    for module, _tables, wakers in _INDEX:
        for waker in wakers:
            found.setdefault(waker, []).append(module)
    return found


def read(module: str) -> tuple[Table, ...]:
    """The tables of a module here; their rows are known from now on."""
    names = next(tables for each, tables, _wakers in _INDEX if each == module)
    here = __import__(f"{__name__}.{module}", fromlist=names)
    tables: tuple[Table, ...] = tuple(getattr(here, name) for name in names)
    know(tables)
    return tables


def know(tables: tuple[Table, ...]) -> None:
    for table in tables:
        ROWS.update((row.key, row) for row in table.rows if not row.silent)


def read_all() -> Iterator[Table]:
    """For who looks at traced processes: every table."""
    yield from ALWAYS
    for module, _tables, _wakers in _INDEX:
        yield from read(module)


know(ALWAYS)
