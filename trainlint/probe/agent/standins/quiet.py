"""Objects that accept whatever is done with them, and do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any


class Quiet:
    """Every attribute, call, entry and context of it is another one; it holds nothing and is worth nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Anything goes."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Quiet()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A function or class that is decorated stays what it is."""
        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, type)):
            return args[0]
        return Quiet()

    def __getitem__(self, key: Any) -> Any:
        return Quiet()

    def __setitem__(self, key: Any, value: Any) -> None:
        """Forgotten."""

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing was held."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""

    def __format__(self, form: str) -> str:
        return ""

    def __add__(self, other: Any) -> Any:
        return other

    __radd__ = __add__


def subplots(rows: int = 1, columns: int = 1, **_: Any) -> tuple[Quiet, Any]:
    """As that of matplotlib: a figure, and axes that can be unpacked."""
    if rows * columns == 1:
        return Quiet(), Quiet()
    if rows > 1 and columns > 1:
        return Quiet(), [[Quiet() for _ in range(columns)] for _ in range(rows)]
    return Quiet(), [Quiet() for _ in range(rows * columns)]


class QuietModule(ModuleType):
    """A module with every name in it; a class among them can be inherited from."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name == "subplots":
            return subplots
        if name[:1].isupper():
            return type(name, (Quiet,), {})
        return Quiet()
