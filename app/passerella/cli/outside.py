"""What to type in another window, in the shell of this system."""

import sys

from passerella.language import _


def hint(url: str) -> str:
    """How to send a request from outside, and how to end."""
    curl = "curl.exe --noproxy '*'" if sys.platform == "win32" else "curl --noproxy '*'"
    return _(
        'Il server ascolta su {url}. Da un\'altra finestra prova:  {curl} "{url}/ciao?nome=Ada"\n'
        "I viaggi compaiono qui uno per uno; Ctrl+C per finire."
    ).format(url=url, curl=curl)
