"""The landmark tables: which functions a request really passes, library by library.

To add a library: a module with a ``TABLE``, named in the tuple below. Nothing else knows the libraries.
"""

from . import boundary, fastapi, flask, gunicorn, starlette, taps, tls, uvicorn, waitress, werkzeug, wsgiref

TABLES = (
    taps.TABLE,
    boundary.TABLE,
    wsgiref.TABLE,
    werkzeug.TABLE,
    gunicorn.TABLE,
    waitress.TABLE,
    uvicorn.TABLE,
    uvicorn.PARSER,
    flask.TABLE,
    flask.ROUTER,
    starlette.TABLE,
    fastapi.TABLE,
    tls.TABLE,
)

ROWS = {row.key: row for table in TABLES for row in table.rows if not row.silent}
