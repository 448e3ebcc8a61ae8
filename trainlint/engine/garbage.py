"""When to look for garbage: trees are many small objects that live until the end of a program, and looking takes a tenth of the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MOST_OBJECTS = 500_000
"""How many objects may come into being before their garbage is looked for: some 30 MB."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without automatic garbage collection."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect_much() -> None:
    """Looks for garbage if there may be much of it."""
    if gc.get_count()[0] > MOST_OBJECTS:
        gc.collect()
