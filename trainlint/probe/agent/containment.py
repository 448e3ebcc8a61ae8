"""The inner half of the containment: what Python itself can refuse and redirect.

How much of it is needed, the environment variable TRAINLINT_CONTAINMENT says, which the outer half has set. In namespaces writes,
deletes and child processes are the kernel's business, and only the network is refused here, for the sake of a message that says
why. Everywhere else an audit hook refuses what would leave a trace, and writes are redirected into the scratch folder.

This is no security sandbox: code that calls the kernel past Python is not seen here.
"""

from __future__ import annotations

import json
import os
from typing import Any

from . import incidents as _incidents
from . import redirection, refusals

_VARIABLE = "TRAINLINT_CONTAINMENT"


def install(configuration: dict[str, Any]) -> None:  # noqa: ARG001 - what it decides comes with the stand-ins
    """Contains this process from here on; to be called once, before the user's program is read.

    A process that the outer half did not start is not contained.
    """
    if _VARIABLE not in os.environ:
        return
    told = json.loads(os.environ.pop(_VARIABLE))
    enclosed = told.get("by") == "namespaces"
    if not enclosed and told.get("scratch"):
        redirection.install(os.path.join(told["scratch"], "files"), told["scratch"])
    refusals.install(enclosed=enclosed, network=bool(told.get("network")), scratch=told.get("scratch"))


def incidents() -> list[dict[str, Any]]:
    """What was refused, replaced or redirected so far, as the fields of `observations.Incident`."""
    return _incidents.listed()
