"""What all parts of the agent share: how far the run is, what is watched, and when it ends."""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

DETAILED_STEPS = 3
DETAIL_EVERY = 5
SEARCH_SECONDS = 10.0
"""How long a run goes on after its last observed step to find the program's evaluation."""
_encoded = json.JSONEncoder().encode
"""Bound here, as the program may replace what `json` holds."""
_BEYOND = 500
"""A number above those of files that programs close or write to by number."""


def _out_of_the_way(channel: int) -> int:
    """The same channel under a number that neither the program nor what it executes comes across."""
    try:
        moved = fcntl.fcntl(channel, fcntl.F_DUPFD_CLOEXEC, _BEYOND)
    except OSError:
        return channel  # no such numbers are allowed
    os.close(channel)
    return moved


class Session:
    """One run: its configuration, its clock, and the channel to the outside."""

    def __init__(self, configuration: dict[str, Any], channel: int | None) -> None:
        self.configuration = configuration
        self.wanted_steps: int = configuration.get("steps", 40)
        self.wanted_batches: int = configuration.get("evaluation_batches", 3)
        self.light: bool = configuration.get("light", False)
        self.started = time.monotonic()
        self.ending: float = configuration.get("ending", 6.0)
        """Seconds after the deadline in which to tell what was seen; then the process is ended from outside."""
        self.deadline: float = configuration.get("deadline", self.started + float(configuration.get("seconds", 100.0)))
        """Of the monotonic clock, which all processes share: the start of Python and torch counts, too."""
        self.steps = 0
        self.evaluation_batches = 0
        self.process = os.getpid()
        self.thread = threading.get_ident()
        self.measuring = False
        """The agent itself runs the network: nothing of it belongs to the program."""
        self.finished = False
        self.reached: float | None = None
        self.loss: float | None = None
        self.finish: Callable[[str], None] = lambda reason: None
        self._channel = None if channel is None else _out_of_the_way(channel)
        self._shown = 0.0

    @property
    def watching(self) -> bool:
        """Whether what happens now belongs to the observation."""
        return not (self.measuring or self.finished) and os.getpid() == self.process and threading.get_ident() == self.thread

    @property
    def complete(self) -> bool:
        """All steps that were asked for have been observed."""
        return self.steps >= self.wanted_steps

    @property
    def detailed(self) -> bool:
        """Whether this step is one of those that are looked at closely."""
        if self.light:
            return False
        return self.steps < DETAILED_STEPS or (self.steps % DETAIL_EVERY == 0 and not self.complete)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.started

    def count_step(self, steps: int) -> None:
        """Takes note of a step; `steps` is that of the busiest optimizer."""
        self.steps = max(self.steps, steps)
        self.progress("training")
        if self.complete:
            if self.reached is None:
                self.reached = self.seconds
            if self.evaluation_batches or self.seconds - self.reached > SEARCH_SECONDS or self.light:
                self.finish("steps reached")
        self.check_deadline()

    def check_deadline(self) -> None:
        """Ends the run in time to still tell what was seen."""
        if time.monotonic() > self.deadline:
            self.finish("timeout")

    def progress(self, phase: str) -> None:
        """Says how far the run is, a few times a second."""
        now = time.monotonic()
        if now - self._shown > 0.2:
            self._shown = now
            self.send({"kind": "progress", "phase": phase, "step": self.steps, "of": self.wanted_steps, "loss": self.loss})

    def send(self, message: dict[str, Any]) -> None:
        """One line of JSON to the outside."""
        if self._channel is None:
            return
        line = (_encoded(message) + "\n").encode()
        while line:
            line = line[os.write(self._channel, line) :]


class Counter:
    """Numbers objects in the order in which they were first seen, and keeps them alive."""

    def __init__(self) -> None:
        self._indexes: dict[int, int] = {}
        self.objects: list[Any] = []

    def index(self, thing: Any) -> int:
        """Its number."""
        known = self._indexes.get(id(thing))
        if known is None:
            known = self._indexes[id(thing)] = len(self.objects)
            self.objects.append(thing)
        return known

    def known(self, thing: Any) -> int | None:
        """Its number, if it has one."""
        return self._indexes.get(id(thing))


class ByIdentity(MutableMapping[Any, Any]):
    """A dictionary of objects that may have ideas of their own about equality: torchmetrics' modules hash what they hold."""

    def __init__(self) -> None:
        self._items: dict[int, tuple[Any, Any]] = {}

    def __getitem__(self, thing: Any) -> Any:
        return self._items[id(thing)][1]

    def __setitem__(self, thing: Any, value: Any) -> None:
        self._items[id(thing)] = (thing, value)

    def __delitem__(self, thing: Any) -> None:
        del self._items[id(thing)]

    def __contains__(self, thing: object) -> bool:
        return id(thing) in self._items

    def __iter__(self) -> Iterator[Any]:
        return iter([thing for thing, _ in self._items.values()])

    def __len__(self) -> int:
        return len(self._items)
