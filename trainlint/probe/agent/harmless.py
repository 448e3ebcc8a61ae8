"""What the agent measures must not end a program: a measurement that fails is left out, and said."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from . import incidents

_Measure = TypeVar("_Measure", bound=Callable[..., None])


def harmless(measure: _Measure) -> _Measure:
    """The same function, which never raises: a program goes on as it would have gone on by itself."""

    @functools.wraps(measure)
    def measured(*args: Any, **kwargs: Any) -> None:
        try:
            measure(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the program's
            said = str(error).strip().partition("\n")[0]
            incidents.record("note", f"trainlint left out a measurement that failed: {type(error).__name__}: {said}")

    return cast("_Measure", measured)
