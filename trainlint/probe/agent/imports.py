"""Calls a function as soon as a module has been imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

Answer = Callable[[ModuleType], None]


class _Loader(importlib.abc.Loader):
    """Loads a module as its own loader does, and then tells those that wait for it."""

    def __init__(self, loader: Any, answers: list[Answer]) -> None:
        self._loader = loader
        self._answers = answers

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)  # type: ignore[no-any-return]

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        for answer in self._answers:
            answer(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds what the finders after it find."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self._asked: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.answers or fullname in self._asked:
            return None
        self._asked.append(fullname)
        try:
            for finder in sys.meta_path:
                find = getattr(finder, "find_spec", None)
                spec = find(fullname, path, target) if find is not None and finder is not self else None
                if spec is not None:
                    if spec.loader is not None:
                        spec.loader = _Loader(spec.loader, self.answers[fullname])
                    return spec  # type: ignore[no-any-return]
        finally:
            self._asked.remove(fullname)
        return None


_finder = _Finder()


def when_imported(name: str, answer: Answer) -> None:
    """Calls `answer` with the module once its body has run, now if it has already."""
    module = sys.modules.get(name)
    if module is not None and not _is_loading(module):
        answer(module)
        return
    _finder.answers.setdefault(name, []).append(answer)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def _is_loading(module: ModuleType) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))
