"""La stessa cipolla con Starlette: gli strati si aggiungono con add_middleware."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send


async def subito(request: Request) -> PlainTextResponse:
    return PlainTextResponse("Eccomi.\n")


class Strato:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class AggiuntoPrima(Strato):
    """Il primo che l'app ha aggiunto."""


class AggiuntoDopo(Strato):
    """Il secondo, e ultimo."""


app = Starlette(routes=[Route("/", subito)])
app.add_middleware(AggiuntoPrima)
app.add_middleware(AggiuntoDopo)
