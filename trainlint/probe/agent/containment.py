"""The inner half of the containment: what Python itself can refuse and redirect.

How much of it is needed, the environment variable TRAINLINT_CONTAINMENT says, which the outer half has set. In namespaces writes,
deletes and child processes are the kernel's business, and only the network is refused here, for the sake of a message that says
why. Everywhere else an audit hook refuses what would leave a trace, and writes are redirected into the scratch folder.

This is no security sandbox: code that calls the kernel past Python is not seen here.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from . import incidents as _incidents
from . import redirection, refusals
from .standins import cuda, data, modules, terminal, worlds

_VARIABLE = "TRAINLINT_CONTAINMENT"
_MOST_TEXTS = 200


def install(configuration: dict[str, Any]) -> None:
    """Contains this process from here on; to be called once, before the user's program is read.

    Of the configuration it reads `script` and `synthetic_data`: `auto`, `never` or `always`. A process that the outer half did not
    start gets stand-ins, and is not contained.
    """
    modules.install()
    terminal.install()
    data.install(configuration.get("synthetic_data", "auto"))
    cuda.install(_texts(configuration))
    worlds.install()
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


def _texts(configuration: dict[str, Any]) -> list[bytes]:
    """The program, and the modules that lie beside it or below."""
    texts = [text.encode() for text in configuration.get("sources", {}).values()]
    texts += [" ".join(configuration.get("arguments", [])).encode()]
    folder = os.path.dirname(os.path.abspath(configuration.get("script", "")))
    names = [configuration.get("script", "")]
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "_")) and name not in {"site-packages", "node_modules"}]
        names += [os.path.join(here, name) for name in files if name.endswith((".py", ".yaml", ".yml", ".json", ".toml"))]
        if len(names) > _MOST_TEXTS:
            break
    for name in names[:_MOST_TEXTS]:
        with contextlib.suppress(OSError), open(name, "rb") as file:
            texts.append(file.read(1 << 18))
    return texts
