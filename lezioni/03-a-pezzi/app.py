"""Il bar prepara un ordine per volta."""


def app(environ, start_response):
    ordine = environ["PATH_INFO"].strip("/")
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"Ecco: {ordine}\n".encode()]
