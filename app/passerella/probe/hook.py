"""Landmarks are put in place when their library is imported: right after the module's body, before its importer
binds a name of it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Patch = Callable[[Any], object]
    Patches = dict[str, list[Patch]]
    Wake = Callable[[str], Patches]


class _Finder:
    """First on ``sys.meta_path``: for the modules of the tables, loading ends with our patch."""

    def __init__(self, patches: Patches, asleep: dict[str, list[str]], wake: Wake) -> None:
        self.patches = patches  # module name -> functions of the module
        self.asleep = asleep  # package or module name -> what is read when it is imported
        self.wake = wake
        self.finding: set[str] = set()

    def wake_up(self, name: str) -> None:
        """Read what speaks of the module ``name``, or of its package."""
        for key in (name, name.partition(".")[0]):
            for sleeper in self.asleep.pop(key, ()):
                try:
                    found = self.wake(sleeper)
                except Exception:
                    continue
                for each, functions in found.items():
                    module = sys.modules.get(each)
                    if module is not None:
                        run(functions, module)
                    else:
                        self.patches.setdefault(each, []).extend(functions)

    def find_spec(self, name: str, path: Any = None, target: str | None = None) -> Any:
        self.wake_up(name)
        if name not in self.patches or name in self.finding:
            return None
        self.finding.add(name)
        try:
            finder: Any
            for finder in sys.meta_path:
                find = getattr(finder, "find_spec", None)
                spec = find(name, path, target) if find is not None and finder is not self else None
                if spec is not None:
                    break
            else:
                return None
        finally:
            self.finding.discard(name)
        if spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _Loader(spec.loader, self.patches[name])
        return spec


class _Loader:
    """The real loader; once the module is loaded it is patched and keeps no trace of us."""

    def __init__(self, loader: Any, patches: list[Patch]) -> None:
        self._loader = loader
        self._patches = patches

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        create = getattr(self._loader, "create_module", None)
        return create(spec) if create is not None else None

    def exec_module(self, module: Any) -> None:
        module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        try:
            self._loader.exec_module(module)
        except BaseException as error:
            if error.__traceback__ is not None:  # a module that does not load is its author's business, not ours
                error.__traceback__ = error.__traceback__.tb_next
            raise
        run(self._patches, module)


def run(patches: list[Patch], module: Any) -> None:
    """Patch; a patch that fails leaves the module as it is."""
    for patch in patches:
        try:
            patch(module)
        except Exception:
            continue


def after_import(patches: Patches, asleep: dict[str, list[str]] | None = None, wake: Wake | None = None) -> None:
    """``patches``: module name to a list of functions of the module; those already imported are patched now.

    ``asleep``: package or module name to what ``wake`` makes further patches of, when it is imported.
    """
    later = {}
    for name, functions in patches.items():
        module = sys.modules.get(name)
        if module is not None:
            run(functions, module)
        else:
            later[name] = functions
    finder = _Finder(later, asleep or {}, wake or _nothing)
    for name in [each for each in finder.asleep if each in sys.modules]:
        finder.wake_up(name)
    sys.meta_path.insert(0, finder)  # type: ignore[arg-type]  # it has what the import system asks for


def _nothing(sleeper: str) -> Patches:
    return {}
