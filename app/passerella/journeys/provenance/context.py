"""What a derivation knows: the request, how the server reads it, the mapping that it built."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from passerella.events import Value
from passerella.journeys.model import Span
from passerella.journeys.provenance.fields import Field, Reading
from passerella.journeys.provenance.notation import Candidate
from passerella.journeys.provenance.targets import Divide, Division
from passerella.journeys.request_head import Head


class Dialect(NamedTuple):
    """How a server makes keys out of bytes. Where it has more than one way, each is tried and compared.

    :ivar separators: what it puts between the values of a repeated field.
    :ivar words: the word of the keys that no byte gives; ``server`` is that of all the others.
    :ivar copies: whether it copies a standard key from the process' variables.
    :ivar derivations: keys that only this server derives from the bytes.
    :ivar measures_chunks: whether it computes the CONTENT_LENGTH of a chunked body.
    """

    readings: tuple[Reading, ...]
    divisions: tuple[Divide, ...]
    separators: tuple[bytes, ...]
    words: Mapping[str, str]
    derivations: Mapping[str, "Derive"]
    copies: Callable[[str], bool]
    measures_chunks: bool = False


class Context:
    """One request under one dialect; ``values`` is the mapping whose keys are being explained."""

    def __init__(self, request: bytes, head: Head, dialect: Dialect, values: Mapping[str, Value]) -> None:
        self.request = request
        self.head = head
        self.dialect = dialect
        self.values = values

    @cached_property
    def divisions(self) -> list[Division]:
        return [divide(self.request, self.head) for divide in self.dialect.divisions]

    @cached_property
    def fields(self) -> list[list[Field]]:
        """The fields in their order, one list for each way of reading them."""
        return [reading.fields(self.request, self.head) for reading in self.dialect.readings]

    @cached_property
    def grouped_fields(self) -> list[dict[str, list[Field]]]:
        """The same by CGI name (``X_A`` for ``X-A``)."""
        return [_grouped(fields) for fields in self.fields]

    def named(self, name: str) -> list[Field]:
        """The fields called ``name``, in lower case, as they are read first."""
        return [field for field in self.fields[0] if field.name == name]

    def text(self, span: Span) -> str:
        return self.request[slice(*span)].decode("latin-1")


Derive = Callable[[Context], Iterable[Candidate]]


def _grouped(fields: list[Field]) -> dict[str, list[Field]]:
    groups: dict[str, list[Field]] = defaultdict(list)
    for field in fields:
        groups[field.name.upper().replace("-", "_")].append(field)
    return groups
