"""DataLoaders: which of them is trained on, and an end to loops that have shown enough."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.data import DataLoader, RandomSampler

from . import places
from .session import Session
from .workers import Workers


class LoaderRecord:
    """What is known of a loader."""

    def __init__(self, loader: Any, made: places.PlaceData | None) -> None:
        self.loader, self.made = loader, made
        self.batches = 0
        self.trained = False
        self.passes = 0
        self.begun = 0


class Loaders:
    """Watches the loaders."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.records: list[LoaderRecord] = []
        self.running: list[LoaderRecord] = []
        self.workers = Workers()
        self.repeated = False
        self.passes: dict[int, int] = {}

    def install(self) -> None:
        """Replaces construction and iteration of loaders by ones that are watched."""
        construct, iterate, watch = DataLoader.__init__, DataLoader.__iter__, self
        self.workers.install()

        def constructing(loader: Any, *args: Any, **kwargs: Any) -> None:
            arguments = list(args)
            position = 5  # DataLoader(dataset, batch_size, shuffle, sampler, batch_sampler, num_workers, …)
            workers = arguments[position] if len(arguments) > position else kwargs.get("num_workers", 0)
            persistent = bool(kwargs.get("persistent_workers"))
            if workers:
                if len(arguments) > position:
                    arguments[position] = 0
                else:
                    kwargs["num_workers"] = 0
                for name in ("prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout"):
                    kwargs.pop(name, None)
            if kwargs.get("pin_memory") and not torch.cuda.is_available():
                kwargs["pin_memory"] = False
            construct(loader, *arguments, **kwargs)
            if workers:
                watch.workers.replace(loader, persistent=persistent)
            if watch.session.watching:
                watch.records.append(LoaderRecord(loader, places.here(loader)))
                watch.seed(loader, len(watch.records))

        def iterating(loader: Any) -> Iterator[Any]:
            batches = watch.workers.batches(loader, lambda: iterate(loader))
            return watch.iterated(loader, batches) if watch.session.watching else batches

        DataLoader.__init__ = constructing
        DataLoader.__iter__ = iterating

    def seed(self, loader: Any, number: int) -> None:
        """Gives a loader its own source of randomness, so that what else is drawn does not change its order."""
        if loader.generator is not None:
            return
        generator = torch.Generator().manual_seed(int(self.session.configuration.get("seed", 0)) * 1000 + number)
        loader.generator = generator
        if isinstance(getattr(loader, "sampler", None), RandomSampler) and loader.sampler.generator is None:
            loader.sampler.generator = generator

    def current(self) -> int | None:
        """The loader whose batch is being worked on."""
        return self.records.index(self.running[-1]) if self.running else None

    def on_backward(self) -> None:
        """Somebody trains on the current batch."""
        if self.running:
            self.running[-1].trained = True

    def on_pass(self, loader: int | None) -> None:
        """A network was called in the loop over this loader."""
        if loader is not None:
            self.records[loader].passes += 1

    def _one(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The first batch of all, over and over."""
        first = next(batches, None)
        while first is not None:
            self.repeated = True
            yield copy.deepcopy(first)

    def iterated(self, loader: Any, batches: Iterator[Any]) -> Iterator[Any]:
        """The batches, as far as they are needed."""
        record = next((known for known in self.records if known.loader is loader), None)
        if record is None:
            record = LoaderRecord(loader, None)
            self.records.append(record)
        session = self.session
        if record.trained and session.complete and session.evaluation_batches:
            session.finish("steps reached")
        record.begun += 1
        passes_before, given = record.passes, 0
        self.running.append(record)
        if session.configuration.get("overfit"):
            batches = self._one(batches)
        try:
            for batch in batches:
                record.batches += 1
                given += 1
                session.check_deadline()
                yield batch
                if record.trained:
                    if session.complete:
                        return
                elif record.passes > passes_before and given >= session.wanted_batches:
                    session.evaluation_batches = max(session.evaluation_batches, given)
                    return
            if not record.trained and record.passes > passes_before:
                session.evaluation_batches = max(session.evaluation_batches, given)
        finally:
            if record in self.running:
                self.running.remove(record)
