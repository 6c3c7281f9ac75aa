"""Il bar della scuola: un'app WSGI, quella di Flask, dentro un'app ASGI."""

from a2wsgi import WSGIMiddleware
from app_flask import app as bar_in_flask

# a2wsgi sta fra due ponti: parla ASGI col server e WSGI con Flask, che gira in un altro thread.
app = WSGIMiddleware(bar_in_flask)
