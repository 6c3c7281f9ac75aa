"""Il bar della scuola con Django, chiamato con ASGI: le viste sono le stesse, cambia chi le chiama."""

import app_django  # noqa: F401 - le impostazioni e le viste
from django.core.asgi import get_asgi_application

app = get_asgi_application()
