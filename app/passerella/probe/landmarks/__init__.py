"""The landmark tables: which functions a request really passes, library by library.

To add a library: a module with a ``TABLE``, named in the tuple below. Nothing else knows the libraries.
"""

from . import (
    a2wsgi,
    boundary,
    cheroot,
    daphne,
    django,
    fastapi,
    flask,
    granian,
    gunicorn,
    gunicorn_asgi,
    hypercorn,
    starlette,
    taps,
    tls,
    uvicorn,
    uvicorn_worker,
    waitress,
    werkzeug,
    wsgiref,
)

TABLES = (
    taps.TABLE,
    boundary.TABLE,
    wsgiref.TABLE,
    werkzeug.TABLE,
    gunicorn.TABLE,
    gunicorn_asgi.TABLE,
    waitress.TABLE,
    uvicorn.TABLE,
    uvicorn.PARSER,
    uvicorn_worker.TABLE,
    cheroot.TABLE,
    hypercorn.TABLE,
    hypercorn.STREAMS,
    daphne.TABLE,
    daphne.TRANSPORT,
    granian.TABLE,
    granian.RELAY,
    a2wsgi.TABLE,
    flask.TABLE,
    flask.ROUTER,
    starlette.TABLE,
    fastapi.TABLE,
    django.TABLE,
    django.THREADS,
    tls.TABLE,
)

ROWS = {row.key: row for table in TABLES for row in table.rows if not row.silent}
