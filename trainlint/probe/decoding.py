"""From what came through JSON back to frozen data."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def decoded(kind: type[T], data: Any) -> T:
    """The value of this type that `dataclasses.asdict` and JSON have turned into `data`.

    Raises TypeError where it is none: a field is missing, unknown, or of another type.
    """
    return _decode(kind, data)  # type: ignore[no-any-return]


def _decode(kind: Any, data: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        unknown = set(data) - {entry.name for entry in fields(kind)}
        if unknown:
            raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        hints = _hints(kind)
        return kind(**{name: _decode(hints[name], value) for name, value in data.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        if data is None and NoneType in arguments:
            return None
        return _decode(next(argument for argument in arguments if argument is not NoneType), data)
    if origin is tuple:
        return tuple(_decode(arguments[0], value) for value in data)
    if origin is not None and issubclass(origin, Mapping):
        return {str(name): _decode(arguments[1], value) for name, value in data.items()}
    if kind is float and type(data) is int:
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


@cache
def _hints(kind: type[object]) -> dict[str, Any]:
    return get_type_hints(kind)
