"""What the containment refused, replaced or redirected, counted by what and where."""

from __future__ import annotations

import threading
from typing import Any

from . import places

_MOST = 200
"""How many different ones are kept."""

_seen: dict[tuple[str, str, str | None, int | None], dict[str, Any]] = {}
_lock = threading.RLock()


def record(kind: str, what: str) -> None:
    """Counts one, at the user's line that led here."""
    try:
        place = places.here()
    except Exception:  # noqa: BLE001 - a message must not end a program
        place = None
    key = (kind, what, *((place["path"], place["row"]) if place is not None else (None, None)))
    with _lock:
        known = _seen.get(key)
        if known is not None:
            known["count"] += 1
        elif len(_seen) < _MOST:
            _seen[key] = {"kind": kind, "what": what, "count": 1, "place": place}


def listed() -> list[dict[str, Any]]:
    """All of them, in the order in which they first occurred."""
    with _lock:
        return [dict(row) for row in _seen.values()]
