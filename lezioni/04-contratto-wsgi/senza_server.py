"""Chiama l'app due volte: prima a mano, poi attraverso un server."""

from wsgiref.simple_server import make_server

from ciao import app


def annota(stato, intestazioni):
    print("annotato:", stato, flush=True)


corpo = app({"PATH_INFO": "/ciao"}, annota)
print("restituito:", corpo, flush=True)

with make_server("127.0.0.1", 0, app) as server:
    print("in ascolto sulla porta", server.server_port, flush=True)
    server.serve_forever()
