"""A program that starts the processes of its training itself: the first of them runs here, alone, as all of its world.

What the processes would tell each other goes through the network; and what one of them does in a step is what each does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .. import imports, incidents


class _Ended:
    """The context of processes that are over."""

    def join(self, timeout: float | None = None, grace_period: float | None = None) -> bool:
        """There is nothing to wait for."""
        return True

    def pids(self) -> list[int]:
        """There are none."""
        return []


def install() -> None:
    """Once torch is there."""
    imports.when_imported("torch.multiprocessing", _run_the_first)


def _run_the_first(multiprocessing: ModuleType) -> None:
    @functools.wraps(multiprocessing.spawn)
    def spawned(fn: Callable[..., Any], args: tuple[Any, ...] = (), nprocs: int = 1, join: bool = True, *_: Any, **__: Any) -> Any:  # noqa: FBT002
        if nprocs != 1:
            incidents.record("note", f"the first of {nprocs} processes ran alone, as all of its world")
        _be_alone()
        fn(0, *args)
        return None if join else _Ended()

    multiprocessing.spawn = multiprocessing.start_processes = spawned


@functools.cache
def _be_alone() -> None:
    """Groups of processes have one member from here on."""
    import torch.distributed

    if not torch.distributed.is_available():
        return
    begin = torch.distributed.init_process_group

    @functools.wraps(begin)
    def begun(backend: Any = None, *args: Any, **kwargs: Any) -> Any:
        kept = {name: value for name, value in kwargs.items() if name in ("timeout", "group_name", "pg_options", "device_id")}
        del args  # where they meet, and how many they are
        return begin(backend, store=torch.distributed.HashStore(), world_size=1, rank=0, **kept)

    torch.distributed.init_process_group = begun
