"""Where the secrets of a text are: in headers, queries, forms, JSON, code and addresses.

Each rule prefers to take too much: what follows a name of a secret is taken up to where it surely ends, and to the end
of the text where the text ends first. Positions are those of the text's characters, which for latin-1 are its bytes.
Every pattern is linear: the text is anybody's.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from passerella.recordings.masking.names import HINT, is_authorization, is_cookies, is_secret

Span = tuple[int, int]

_HEADER = re.compile(r"(?m)^[ \t]*([A-Za-z0-9!#$%&'*+.^_`|~-]++)[ \t]*:[ \t]*((?:[^\r\n]|\r?\n[ \t]|\r(?!\n))*+)")
_SCHEME = re.compile(r"(?i)(?:basic|bearer|digest|negotiate|ntlm|token|apikey|aws4-hmac-sha256)[ \t]+")
_PAIR = re.compile(r"(?<![^\s=&?;,\"'<>(){}])([^\s=&?;,\"'<>(){}]++)=(\"[^\"\r\n]*+\"?|'[^'\r\n]*+'?|[^&\s]*+)")
_ASSIGNED = re.compile(r"(?<!\w)(\w++)[ \t]*[:=][ \t]*([\"'])")
_MEMBER = re.compile(r"[\"']\s{0,20}:\s{0,20}")
_FIELD = re.compile(
    r"(?i)content-disposition:[^\r\n]*?\bname\*?=\"?([^\";\r\n]*)\"?[^\r\n]*+(?:\r?\n[^\r\n]++)*+\r?\n\r?\n"
)
_FIELD_END = re.compile(r"\r?\n--")
_LOGIN = re.compile(r"://[^/\s:@]*+:([^/\s@]++)@")
_FORM = re.compile(r"([^=&]*+)=?([^&]*+)(?:&|\Z)")
_COOKIE = re.compile(r"([^=;]*+)(=?)([^;]*+)(?:;|\Z)")
_TO_QUOTE = {'"': re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL), "'": re.compile(r"(?:[^'\\]|\\.)*+", re.DOTALL)}
_WORD = re.compile(r"[^\s,}\]&]*+")
_NESTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|[\[{]|[\]}]|[^\"'\[\]{}]++", re.DOTALL)
_NAME_ROOM = 300
_SHORT = 256


def text_spans(text: str) -> list[Span]:
    """The secrets of any text, each found by the name before it."""
    return list(_told_again(text) if len(text) <= _SHORT else _told(text))


def _told(text: str) -> tuple[Span, ...]:
    if HINT.search(text) is None:
        return ()
    return tuple(joined(span for rule in _RULES for span in rule(text)))


_told_again = lru_cache(8192)(_told)  # the same names and values come with each request


def named_spans(name: str, value: str) -> list[Span]:
    """The secrets of a value that has this name."""
    if not is_secret(name):
        return text_spans(value)
    if is_cookies(name):
        return joined(_cookies(value, only_first="set" in name.lower()))
    if is_authorization(name):
        scheme = _SCHEME.match(value)
        return _span(scheme.end() if scheme is not None else 0, len(value))
    return _span(0, len(value))


def form_spans(body: str) -> list[Span]:
    """The secrets of a form's body, where nothing but «&» ends a value."""
    return joined(found.span(2) for found in _FORM.finditer(body) if found[2] and is_secret(found[1]))


def joined(spans: Iterator[Span]) -> list[Span]:
    """The same spans, in order, none upon another."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _span(start: int, end: int) -> list[Span]:
    return [(start, end)] if end > start else []


def _headers(text: str) -> Iterator[Span]:
    for found in _HEADER.finditer(text):
        if is_secret(found[1]):
            at = found.start(2)
            yield from ((at + start, at + end) for start, end in named_spans(found[1], found[2]))


def _cookies(value: str, only_first: bool) -> Iterator[Span]:
    """The values. Without «=» there is no telling a name from a value: the whole is taken."""
    for found in _COOKIE.finditer(value):
        yield found.span(3) if found[2] else found.span(1)
        if only_first:
            return


def _pairs(text: str) -> Iterator[Span]:
    return (found.span(2) for found in _PAIR.finditer(text) if is_secret(found[1]))


def _assigned(text: str) -> Iterator[Span]:
    """``token = "…"``, as in code."""
    for found in _ASSIGNED.finditer(text):
        if is_secret(found[1]):
            yield _quoted(text, found.end(), found[2])


def _quoted(text: str, start: int, quote: str) -> Span:
    end = _TO_QUOTE[quote].match(text, start)
    return (start, end.end() if end is not None else len(text))


def _members(text: str) -> Iterator[Span]:
    """JSON, or what Python prints of a dict."""
    for found in _MEMBER.finditer(text):
        quote = text[found.start()]
        opening = text.rfind(quote, max(0, found.start() - _NAME_ROOM), found.start())
        name = text[opening + 1 if opening >= 0 else max(0, found.start() - _NAME_ROOM) : found.start()]
        if is_secret(name.rstrip("\\")):
            yield from _member_value(text, found.end())


def _member_value(text: str, start: int) -> Iterator[Span]:
    first = text[start : start + 1]
    if first in _TO_QUOTE:
        yield _quoted(text, start + 1, first)
    elif first in ("[", "{") and first:
        yield from _inside(text, start)
    else:
        end = _WORD.match(text, start)
        yield (start, end.end() if end is not None else len(text))


def _inside(text: str, start: int) -> Iterator[Span]:
    """Everything in a list or in an object, but its brackets."""
    depth = 0
    for found in _NESTED.finditer(text, start):
        opens, closes = found[0] in ("[", "{"), found[0] in ("]", "}")
        depth += opens - closes
        if not depth:
            return
        if not opens and not closes:
            yield found.span()


def _fields(text: str) -> Iterator[Span]:
    """The parts of a multipart form."""
    for found in _FIELD.finditer(text):
        if is_secret(found[1]):
            end = _FIELD_END.search(text, found.end())
            yield (found.end(), end.start() if end is not None else len(text))


def _logins(text: str) -> Iterator[Span]:
    """``https://user:password@host``."""
    return (found.span(1) for found in _LOGIN.finditer(text))


_RULES = (_headers, _pairs, _assigned, _members, _fields, _logins)
