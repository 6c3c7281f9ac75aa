"""Una funzione, e basta: niente rete, niente porta, niente HTTP."""


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return ["Un caffè, subito!\n".encode()]
