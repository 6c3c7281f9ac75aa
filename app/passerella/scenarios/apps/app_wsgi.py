"""Il bar della scuola, senza framework: WSGI (PEP 3333) e la libreria standard."""

import time
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}
TESTO = ("Content-Type", "text/plain; charset=utf-8")


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """È questa che il server chiama, una volta per ogni richiesta."""
    metodo = environ["REQUEST_METHOD"]
    vista = ROTTE.get(("GET" if metodo == "HEAD" else metodo, percorso(environ)), non_trovato)
    pezzi = vista(environ, start_response)
    return [] if metodo == "HEAD" else pezzi


def inizio(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return rispondi(start_response, "200 OK", "Benvenuto al bar della scuola!\n")


def ciao(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    nome = domanda(environ).get("nome", "mondo")
    return rispondi(start_response, "200 OK", f"Ciao, {nome}!\n")


def caffe(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return rispondi(start_response, "200 OK", f"Un caffè costa {LISTINO['caffè']}.\n")


def moduli(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Riceve il modulo dell'ordine e rimanda a un'altra pagina, così ricaricarla non ordina due volte."""
    campi = modulo(environ)
    ordine = {"nome": campi.get("nome", "mondo"), "bevanda": campi.get("bevanda", "niente")}
    testo = f"Ricevuto: {ordine['bevanda']} per {ordine['nome']}.\n"
    return rispondi(start_response, "303 See Other", testo, ("Location", "/grazie?" + urlencode(ordine)))


def grazie(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    ordine = domanda(environ)
    testo = f"Grazie, {ordine.get('nome', 'mondo')}! In arrivo: {ordine.get('bevanda', 'niente')}.\n"
    return rispondi(start_response, "200 OK", testo)


def flusso(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [TESTO])
    return gocce()


def gocce() -> Iterator[bytes]:
    """Un pezzo alla volta: il server spedisce ogni goccia appena c'è."""
    for numero in (1, 2, 3):
        yield f"goccia {numero}\n".encode()
        time.sleep(0.2)


def vecchio(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    # 302 e non 301: un 301 il browser se lo ricorda, e la volta dopo non chiede più.
    return rispondi(start_response, "302 Found", "Ci siamo spostati.\n", ("Location", "/ciao"))


def errore(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    prezzo = LISTINO["cappuccino"]  # nel listino non c'è: KeyError
    return rispondi(start_response, "200 OK", prezzo)


def lento(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    secondi = min(float(domanda(environ).get("secondi", "1")), 30)
    time.sleep(secondi)
    return rispondi(start_response, "200 OK", f"Ecco, dopo {secondi:g} s.\n")


def non_trovato(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return rispondi(start_response, "404 Not Found", "Questo al bar non c'è.\n")


def percorso(environ: WSGIEnvironment) -> str:
    """PATH_INFO porta i byte della richiesta travestiti da latin-1: «/caffè» va ridecodificato."""
    travestito: str = environ.get("PATH_INFO", "")
    return travestito.encode("latin-1").decode("utf-8", "replace")


def domanda(environ: WSGIEnvironment) -> dict[str, str]:
    """Quello che nell'URL sta dopo il punto interrogativo."""
    return primi_valori(environ.get("QUERY_STRING", ""))


def modulo(environ: WSGIEnvironment) -> dict[str, str]:
    """Il corpo della richiesta. Mai leggere più di CONTENT_LENGTH: si resterebbe ad aspettare."""
    lunghezza = int(environ.get("CONTENT_LENGTH") or 0)
    return primi_valori(environ["wsgi.input"].read(lunghezza).decode("utf-8", "replace"))


def primi_valori(coppie: str) -> dict[str, str]:
    return {nome: valori[0] for nome, valori in parse_qs(coppie).items()}


def rispondi(start_response: StartResponse, stato: str, testo: str, *altre: tuple[str, str]) -> Iterable[bytes]:
    corpo = testo.encode("utf-8")
    start_response(stato, [TESTO, ("Content-Length", str(len(corpo))), *altre])
    return [corpo]


ROTTE = {
    ("GET", "/"): inizio,
    ("GET", "/ciao"): ciao,
    ("GET", "/caffè"): caffe,
    ("POST", "/moduli"): moduli,
    ("GET", "/grazie"): grazie,
    ("GET", "/flusso"): flusso,
    ("GET", "/vecchio"): vecchio,
    ("GET", "/errore"): errore,
    ("GET", "/lento"): lento,
}
