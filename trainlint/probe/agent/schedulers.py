"""Learning-rate schedulers: where they were made, and in which order they and their optimizers step."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import places
from .session import Session


class Schedulers:
    """Watches the schedulers."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.entries: list[dict[str, Any]] = []
        self.number_of: Callable[[Any], int | None] = lambda optimizer: None
        """The number of an optimizer, if it has one."""
        self.steps_of: Callable[[int], int] = lambda number: 0
        """How many steps it has made."""
        self._watched: set[type[Any]] = set()
        self._running: set[int] = set()

    def install(self) -> None:
        """Replaces construction of schedulers by one that is watched."""
        from torch.optim import lr_scheduler

        base = getattr(lr_scheduler, "LRScheduler", None) or lr_scheduler._LRScheduler
        watch = self
        for kind in {base, lr_scheduler.ReduceLROnPlateau}:
            construct = kind.__init__

            def constructing(scheduler: Any, optimizer: Any, *args: Any, construct: Any = construct, **kwargs: Any) -> None:
                construct(scheduler, optimizer, *args, **kwargs)
                if watch.session.watching and not any(entry["object"] is scheduler for entry in watch.entries):
                    watch._constructed(scheduler, optimizer)

            kind.__init__ = constructing

    def fields(self) -> list[dict[str, Any]]:
        """The fields of `observations.Scheduler`."""
        return [
            {
                "kind": type(entry["object"]).__name__,
                "constructed": entry["constructed"],
                "stepped": entry["stepped"],
                "steps": entry["steps"],
                "optimizer": entry["optimizer"],
                "before_first_step": entry["early"],
            }
            for entry in self.entries
        ]

    def _constructed(self, scheduler: Any, optimizer: Any) -> None:
        entry: dict[str, Any] = {"object": scheduler, "constructed": places.here(scheduler), "stepped": None, "steps": 0, "early": False}
        entry["optimizer"] = self.number_of(optimizer)
        self.entries.append(entry)
        for owner in type(scheduler).__mro__:  # not the object: what it holds is in its `state_dict`
            if "step" in vars(owner) and owner not in self._watched:
                self._watched.add(owner)
                self._watch_steps(owner)

    def _watch_steps(self, owner: Any) -> None:
        step, watch = owner.step, self

        @functools.wraps(step)
        def stepping(scheduler: Any, *args: Any, **kwargs: Any) -> Any:
            entry = next((entry for entry in watch.entries if entry["object"] is scheduler), None)
            if entry is None or not watch.session.watching or id(scheduler) in watch._running:
                return step(scheduler, *args, **kwargs)
            entry["stepped"] = entry["stepped"] or places.here(scheduler)
            entry["steps"] += 1
            number = entry["optimizer"]
            entry["early"] |= number is not None and watch.steps_of(number) == 0
            watch._running.add(id(scheduler))
            try:
                return step(scheduler, *args, **kwargs)
            finally:
                watch._running.discard(id(scheduler))

        owner.step = stepping
