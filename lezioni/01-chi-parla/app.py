"""Una funzione, e basta: niente rete, niente porta, niente HTTP."""

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def app(environ, start_response):
    start_response("200 OK", TESTO)
    return ["Un caffè, subito!\n".encode()]
