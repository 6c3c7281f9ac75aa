"""Which packages a computer of another kind needs: what each wheel requires, as that computer would read it.

pip downloads wheels for another system, but reads their conditions («only on Windows») as if they were for the machine
that it runs on. So it is asked for each wheel without what it requires, and that is worked out here. Pure but for
``fetch``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from passerella.errors import ContentError
from passerella.language import _


class Package(msgspec.Struct, frozen=True):
    """A wheel that was found, and what it says that it requires."""

    name: str
    version: str
    requires: Sequence[str]


Fetch = Callable[[Sequence[Requirement]], Mapping[str, Package]]  # by canonical name; it raises what cannot be had


def closure(wanted: Iterable[Requirement], environment: Mapping[str, str], fetch: Fetch) -> dict[str, Package]:
    """Everything that ``wanted`` needs there, by canonical name.

    :raises ContentError: two packages want versions that do not go together, or something cannot be had.
    """
    found: dict[str, Package] = {}
    asked: list[Requirement] = []
    done: set[tuple[str, str]] = set()  # a package, and one of its extras or none
    waiting = [each for each in wanted if applies(each, environment)]
    while waiting:
        asked += waiting
        new = {canonicalize_name(each.name): each for each in reversed(waiting)}
        missing = [each for name, each in new.items() if name not in found]
        if missing:
            found |= fetch(missing)
        waiting = [inner for each in waiting for inner in _required(each, found, environment, done)]
    for each in asked:
        _agree(each, found[canonicalize_name(each.name)])
    return found


def applies(requirement: Requirement, environment: Mapping[str, str], extra: str = "") -> bool:
    """Whether it is wanted there."""
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": extra})


def _required(
    asked: Requirement,
    found: Mapping[str, Package],
    environment: Mapping[str, str],
    done: set[tuple[str, str]],
) -> list[Requirement]:
    """What is still to be looked at because of ``asked``."""
    name = canonicalize_name(asked.name)
    required = []
    for extra in ("", *sorted(asked.extras)):
        if (name, extra) in done:
            continue
        done.add((name, extra))
        inner = [Requirement(text) for text in found[name].requires]
        required += [each for each in inner if applies(each, environment, extra)]
    return required


def _agree(requirement: Requirement, package: Package) -> None:
    if not requirement.specifier.contains(Version(package.version), prereleases=True):
        raise ContentError(
            _("Serve {wanted}, ma c'è {name} {version}: non vanno insieme.").format(
                wanted=requirement, name=package.name, version=package.version
            )
        )
