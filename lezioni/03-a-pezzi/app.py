"""Il bar prepara un ordine per volta."""

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def app(environ, start_response):
    ordine = environ["PATH_INFO"].strip("/")
    start_response("200 OK", TESTO)
    return [f"Ecco: {ordine}\n".encode()]
