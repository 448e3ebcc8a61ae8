"""Puts off the import of torch's compiler until something asks for it.

An optimizer imports `torch._dynamo` to tell it what not to compile, which takes as long as importing torch itself, and a probe starts
many programs. As long as nothing is compiled there is nothing to tell: a module that only knows these two calls stands in its
place, and makes room for the real one as soon as anything else of it is asked for.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch

NAME = "torch._dynamo"


class Compiler(ModuleType):
    """What stands for `torch._dynamo`."""

    def __getattr__(self, name: str) -> Any:
        """Whatever is asked for, from the real module, which takes this one's place."""
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
            if vars(torch).get("_dynamo") is self:
                del torch._dynamo
        return getattr(importlib.import_module(NAME), name)

    def graph_break(self, *args: Any, **kwargs: Any) -> None:
        """Splits what is being compiled, which is nothing."""
        if sys.modules.get(NAME) is not self:
            sys.modules[NAME].graph_break(*args, **kwargs)

    def disable(self, fn: Callable[..., Any] | None = None, *args: Any, **kwargs: Any) -> Any:
        """The function, which is left out of what is compiled as soon as anything is."""
        if fn is None or sys.modules.get(NAME) is not self:
            return self.__getattr__("disable")(fn, *args, **kwargs)
        disabled: list[Callable[..., Any]] = []

        def calling(*given: Any, **named: Any) -> Any:
            if sys.modules.get(NAME) is self:
                return fn(*given, **named)
            if not disabled:
                disabled.append(sys.modules[NAME].disable(fn, *args, **kwargs))
            return disabled[0](*given, **named)

        return calling


def install() -> None:
    """To be called before the program runs; does nothing where the compiler is there already."""
    if NAME in sys.modules:
        return
    compiler = Compiler(NAME)
    compiler.__file__ = os.path.join(os.path.dirname(torch.__file__), "_dynamo", "__init__.py")
    sys.modules[NAME] = torch._dynamo = compiler
