"""Un'app WSGI intera: due argomenti, una chiamata, una lista di byte."""

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def app(environ, start_response):
    percorso = environ["PATH_INFO"]
    start_response("200 OK", TESTO)
    return [f"Ciao da {percorso}\n".encode()]
