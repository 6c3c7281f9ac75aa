"""Chiama l'app due volte: prima a mano, senza nessun server, poi attraverso wsgiref."""

from wsgiref.simple_server import make_server

from ciao import app


def annota(stato, intestazioni):
    print("stato:", stato, flush=True)


pezzi = app({"PATH_INFO": "/a-mano"}, annota)
print("corpo:", b"".join(pezzi).decode(), flush=True)

with make_server("127.0.0.1", 0, app) as server:
    print("Ora un server è in ascolto sulla porta", server.server_port, flush=True)
    server.serve_forever()
