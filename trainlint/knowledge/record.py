"""Frozen records that cost nothing to define.

A frozen dataclass writes and compiles its methods when it is defined. Thirty of them, and two thousand instances made at import,
would take a fifth of the time that a short run of the command line takes.
"""

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: bool) -> Any:
        """Nothing: type checkers alone read it."""
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Record:
    """A class whose annotated names are its fields, in order, with their defaults: for type checkers a frozen dataclass."""

    _fields: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)

    if not TYPE_CHECKING:

        def __init__(self, *values, **fields) -> None:  # noqa: ANN002, ANN003
            self.__dict__.update(zip(self._fields, values, strict=False), **fields)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({given})"
