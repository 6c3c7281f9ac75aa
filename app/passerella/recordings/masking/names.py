"""Which headers, fields and keys hold a secret, by their names."""

import re
from functools import lru_cache
from urllib.parse import unquote

_WORDS = (
    "password", "passwd", "passphrase", "token", "secret", "segreto", "apikey", "accesskey", "privatekey", "credential",
    "authorization", "cookie", "sessionid", "sessionkey",
)  # fmt: skip
_COOKIES = frozenset(("cookie", "setcookie", "httpcookie"))
_LEFT_OUT = re.compile(r"[-_.\s\[\]'\"]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LONGEST = 400  # characters: a name that is longer is no name, but its end may be one

# What a text must have for any secret to be told from its name: without it nothing else is looked for.
HINT = re.compile(
    r"(?i)passw|passphrase|token|secret|segreto|key|credential|authori|cookie|session|%[0-9a-f]{2}|\\u|://"
)


def plain(name: str) -> str:
    """``x-api-key``, ``X_API_KEY`` and ``x%2Dapi%2Dkey`` are all ``xapikey``."""
    name = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), unquote(name[-_LONGEST:]))
    return _LEFT_OUT.sub("", name).lower()


def is_secret(name: str) -> bool:
    """Whether what has this name is a secret."""
    return bool(name) and _is_secret(name[-_LONGEST:])


@lru_cache(4096)
def _is_secret(name: str) -> bool:
    found = plain(name)
    return any(word in found for word in _WORDS)


def is_cookies(name: str) -> bool:
    """Whether what has this name is a list of cookies: their names can be shown."""
    return plain(name) in _COOKIES


def is_authorization(name: str) -> bool:
    """Whether what has this name begins with the name of a scheme, which can be shown."""
    return plain(name).endswith("authorization")
