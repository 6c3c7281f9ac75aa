"""Conta le visite nel posto sbagliato: dentro environ."""

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def app(environ, start_response):
    visite = environ.get("bar.visite", 0) + 1
    environ["bar.visite"] = visite

    start_response("200 OK", TESTO)
    return [f"Visita numero {visite}\n".encode()]
