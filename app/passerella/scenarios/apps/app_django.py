"""Il bar della scuola, con Django in un file solo: le impostazioni, gli indirizzi, le viste, un middleware."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils.html import escape

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}
TESTO = "text/plain; charset=utf-8"


class Barista:
    """Un middleware nostro: vede ogni richiesta prima della vista, e ogni risposta dopo."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        risposta = self.get_response(request)
        risposta["X-Barista"] = "Nina"
        return risposta


def inizio(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Benvenuto al bar della scuola!\n")


def ciao(request: HttpRequest) -> HttpResponse:
    # La pagina è HTML: quello che arriva dall'URL va ripulito.
    return HttpResponse(f"Ciao, {escape(request.GET.get('nome', 'mondo'))}!\n")


def caffe(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Un caffè costa {LISTINO['caffè']}.\n", content_type=TESTO)


def moduli(request: HttpRequest) -> HttpResponse:
    """Riceve il modulo dell'ordine e rimanda a un'altra pagina, così ricaricarla non ordina due volte."""
    ordine = {"nome": request.POST.get("nome", "mondo"), "bevanda": request.POST.get("bevanda", "niente")}
    return HttpResponseRedirect("/grazie?" + urlencode(ordine), status=303)


def grazie(request: HttpRequest) -> HttpResponse:
    nome, bevanda = request.GET.get("nome", "mondo"), request.GET.get("bevanda", "niente")
    return HttpResponse(f"Grazie, {nome}! In arrivo: {bevanda}.\n", content_type=TESTO)


def flusso(request: HttpRequest) -> StreamingHttpResponse:
    gocce = gocce_async() if isinstance(request, ASGIRequest) else gocce_sync()
    return StreamingHttpResponse(gocce, content_type=TESTO)


def gocce_sync() -> Iterator[str]:
    """Un pezzo alla volta: il server spedisce ogni goccia appena c'è."""
    for numero in (1, 2, 3):
        yield f"goccia {numero}\n"
        time.sleep(0.2)


async def gocce_async() -> AsyncIterator[str]:
    """Con ASGI la risposta la percorre il loop, che intanto serve gli altri."""
    for numero in (1, 2, 3):
        yield f"goccia {numero}\n"
        await asyncio.sleep(0.2)


def vecchio(request: HttpRequest) -> HttpResponse:
    # 302 e non 301: un 301 il browser se lo ricorda, e la volta dopo non chiede più.
    return HttpResponseRedirect("/ciao")


def errore(request: HttpRequest) -> HttpResponse:
    return HttpResponse(LISTINO["cappuccino"])  # nel listino non c'è: KeyError


def lento(request: HttpRequest) -> HttpResponse:
    secondi = min(float(request.GET.get("secondi", "1")), 30)
    time.sleep(secondi)
    return HttpResponse(f"Ecco, dopo {secondi:g} s.\n", content_type=TESTO)


urlpatterns = [
    path("", inizio),
    path("ciao", ciao),
    path("caffè", caffe),
    path("moduli", moduli),
    path("grazie", grazie),
    path("flusso", flusso),
    path("vecchio", vecchio),
    path("errore", errore),
    path("lento", lento),
]

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", f"{__name__}.Barista"],
    USE_TZ=True,
    # Senza DEBUG gli errori vanno per posta agli amministratori: qui, sul terminale.
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"terminale": {"class": "logging.StreamHandler"}},
        "loggers": {"django": {"handlers": ["terminale"], "level": "ERROR"}},
    },
)

app = get_wsgi_application()
