"""Apache with mod_wsgi: no server behind it, the module calls the app from C, in a process of Apache's own."""

import re
from pathlib import Path

from msgspec.structs import replace

from passerella.language import _, later
from passerella.servers.fronts.apache import APACHE, BECOMES, MODULES, itself, modules
from passerella.servers.fronts.model import AS_ROOT, AS_USER, RECOMMENDED, Directive

_MODULE = "mod_wsgi.so"
_OLDEST = 11  # the probe's, of Python 3
_EMBEDDED = re.compile(rb"libpython3\.(\d{1,2})")

_OF_ITS_OWN = later("Un posto suo per il socket con cui Apache parla al processo dell'app.")


def embedded_python() -> int | None:
    """The minor version of the Python 3 that the module brings; None when it cannot be told."""
    path = Path(modules()) / _MODULE
    found = _EMBEDDED.search(path.read_bytes()) if path.is_file() else None
    return int(found[1]) if found is not None else None


def _unfit() -> str:
    minor = embedded_python()
    if minor is None or minor >= _OLDEST:
        return ""
    return _("mod_wsgi porta con sé Python 3.{minor}, e la sonda ha bisogno almeno del 3.{oldest}").format(
        minor=minor, oldest=_OLDEST
    )


def script(app: str, paths: list[Path]) -> str:
    """The file that mod_wsgi runs once, when its process starts: it leaves the app in ``application``.

    Its Python is the system's, where neither the app nor what this needs is installed: it is told where they are.
    """
    module, _colon, attribute = app.partition(":")
    listed = "".join(f"    {str(path)!r},\n" for path in paths)
    return (
        f"import sys\n\nsys.path[:0] = [\n{listed}]\n\n"
        f"from {module} import {attribute} as app\n"
        "from passerella_modwsgi import loaded\n\n"
        "application = loaded(app)\n"
    )


MOD_WSGI = replace(
    APACHE,
    name="modwsgi",
    title="Apache con mod_wsgi",
    package="apache2 libapache2-mod-wsgi-py3",
    needs=("wsgi",),
    unfit=_unfit,
    runs="mod_wsgi",
    directives=(
        *itself(
            (*MODULES, "wsgi"),
            "wsgi:info",
            BECOMES,
            Directive("Group {group}", "", (AS_ROOT,)),
        ),
        Directive("WSGISocketPrefix {folder}/wsgi", _OF_ITS_OWN),
        Directive(
            "WSGIDaemonProcess app threads=5 home={folder} user={user} group={group}",
            "L'app gira in un processo suo, con cinque thread. Di suo girerebbe dentro quelli che servono i file.",
            (AS_ROOT,),
        ),
        Directive(
            "WSGIDaemonProcess app threads=5 home={folder}",
            "L'app gira in un processo suo, con cinque thread. Di suo girerebbe dentro quelli che servono i file.",
            (AS_USER,),
        ),
        Directive("WSGIRestrictEmbedded On", "Nei processi che servono i file non c'è nemmeno Python."),
        Directive(
            "WSGIPassAuthorization On",
            "L'app riceve Authorization. Di suo mod_wsgi la tiene per sé, come fanno i CGI.",
            (RECOMMENDED,),
        ),
        Directive(
            "WSGIChunkedRequest On",
            "Un corpo a pezzi (chunked) arriva all'app. Di suo riceve un 411.",
            (RECOMMENDED,),
        ),
        Directive("AllowEncodedSlashes On", "Un %2F nel percorso arriva all'app. Di suo è un 404.", (RECOMMENDED,)),
        Directive(
            "Alias /static/ {files}/static/", "I file di questa cartella li dà Apache: Python non viene toccato."
        ),
        Directive("<Location /piccolo/>"),
        Directive("LimitRequestBody 16", "Un corpo più lungo di 16 byte riceve un 413. Di suo il limite è 1 GiB."),
        Directive("</Location>"),
        Directive(
            "WSGIScriptAlias /piccolo {script} process-group=app application-group=%{GLOBAL}",
            "Lo stesso script sotto un altro nome: SCRIPT_NAME diventa /piccolo, e PATH_INFO è quel che resta.",
        ),
        Directive(
            "WSGIScriptAlias / {script} process-group=app application-group=%{GLOBAL}",
            "Ogni altro percorso è dell'app: questo script la carica quando il processo parte.",
        ),
    ),
)
