"""What a notebook's program finds without importing it."""

from __future__ import annotations

from typing import Any

from .standins.quiet import Quiet


def names() -> dict[str, Any]:
    """The names that IPython gives to every cell; what they would show is left out."""
    return {"get_ipython": Quiet, "display": Quiet(), "In": [""], "Out": {}, "_": "", "exit": _leave, "quit": _leave}


def _leave(code: Any = None) -> None:
    raise SystemExit(code)
