"""Loading without worker processes: the program's own process stands for one worker, the only one, while it fetches a batch."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils import data
from torch.utils.data._utils import collate, worker

_COLLATING = os.path.realpath(collate.__file__)


class Workers:
    """The loaders whose workers were replaced."""

    def __init__(self) -> None:
        self._persistent: weakref.WeakKeyDictionary[Any, bool] = weakref.WeakKeyDictionary()
        self._prepared: weakref.WeakSet[Any] = weakref.WeakSet()
        self._info: Any = None
        self.replaced = False

    def install(self) -> None:
        """Lets data sets and `worker_init_fn` ask which worker they are in."""
        original, workers = data.get_worker_info, self

        def get_worker_info() -> Any:
            if workers._info is None:
                return original()
            # Collation would put its batches into memory that processes share.
            return None if sys._getframe(1).f_code.co_filename == _COLLATING else workers._info

        for module in (data, data.dataloader, worker):
            module.get_worker_info = get_worker_info

    def replace(self, loader: Any, *, persistent: bool) -> None:
        """Notes a loader that would have had workers; those that persist are prepared once."""
        self._persistent[loader] = persistent
        self.replaced = True

    def batches(self, loader: Any, iterate: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        """What the loader gives, each batch fetched as in the first of one worker."""
        if loader not in self._persistent:
            return iterate()
        info = worker.WorkerInfo(id=0, num_workers=1, seed=torch.initial_seed(), dataset=loader.dataset)
        return self._fetched(loader, info, iterate)

    def _fetched(self, loader: Any, info: Any, iterate: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        batches = self._within(info, lambda: self._begin(loader, iterate))
        nothing = object()
        while (batch := self._within(info, lambda: next(batches, nothing))) is not nothing:
            yield batch

    def _begin(self, loader: Any, iterate: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        prepare = loader.worker_init_fn
        if prepare is not None and not (self._persistent[loader] and loader in self._prepared):
            self._prepared.add(loader)
            prepare(0)
        return iterate()

    def _within(self, info: Any, work: Callable[[], Any]) -> Any:
        before, self._info = self._info, info
        try:
            return work()
        finally:
            self._info = before
