"""Well-known functions that open the file of a given path past Python: they are given the redirected path."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

from . import imports

_WRITERS = (
    ("torch", "save", 1, "f"),
    ("torch.jit", "save", 1, "f"),
    ("torch.onnx", "export", 2, "f"),
    ("safetensors.torch", "save_file", 1, "filename"),
    ("safetensors.numpy", "save_file", 1, "filename"),
    ("cv2", "imwrite", 0, "filename"),
    ("soundfile", "write", 0, "file"),
)
"""Module, function, position and name of the argument that is a path."""

_READERS = (
    ("torch", "load", 0, "f"),
    ("torch.jit", "load", 0, "f"),
    ("safetensors", "safe_open", 0, "filename"),
    ("safetensors.torch", "load_file", 0, "filename"),
    ("cv2", "imread", 0, "filename"),
)


def install(reading: Callable[[Any], Any], writing: Callable[[Any], Any]) -> None:
    """Wraps them in all modules that are or will be imported."""
    for table, translate in ((_WRITERS, writing), (_READERS, reading)):
        for module, function, position, name in table:
            imports.when_imported(module, functools.partial(_wrap, function=function, position=position, name=name, translate=translate))


def _wrap(module: ModuleType, *, function: str, position: int, name: str, translate: Callable[[Any], Any]) -> None:
    original = getattr(module, function, None)
    if original is None or isinstance(original, type):
        return

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if len(args) > position and isinstance(args[position], (str, os.PathLike)):
            args = (*args[:position], translate(args[position]), *args[position + 1 :])
        elif isinstance(kwargs.get(name), (str, os.PathLike)):
            kwargs[name] = translate(kwargs[name])
        return original(*args, **kwargs)

    setattr(module, function, wrapped)
