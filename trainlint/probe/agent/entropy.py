"""Seeds that a program would take from the operating system come from the seed of the run instead.

`numpy.random.default_rng()`, a `RandomState()` of a library's own, `random.Random()` and `torch.seed()` start somewhere else in each
run, so that two runs of one program could not be compared. The n-th seed that one line asks for is the same in every run.
"""

from __future__ import annotations

import random
import secrets
import sys
import zlib
from collections import Counter
from types import ModuleType
from typing import Any

from . import imports

_asked: Counter[tuple[str, int]] = Counter()


def install(seed: int) -> None:
    """To be called before NumPy is imported, which keeps `secrets.randbits` for itself."""
    construct = random.Random.__init__

    def drawn(bits: int) -> int:
        frame = sys._getframe(2)
        place = (frame.f_code.co_filename, frame.f_lineno)
        _asked[place] += 1
        start = zlib.crc32(repr((seed, *place, _asked[place])).encode())
        return random.Random(start).getrandbits(bits)  # noqa: S311 - it is to be the same in every run

    def constructing(self: random.Random, x: Any = None) -> None:
        construct(self, drawn(32) if x is None and not isinstance(self, random.SystemRandom) else x)

    def randbits(k: int) -> int:
        return drawn(k)

    def offer(torch: ModuleType) -> None:
        def reseed() -> int:
            value = drawn(32)
            torch.manual_seed(value)
            return value

        torch.seed = torch.random.seed = reseed

    random.Random.__init__ = constructing  # type: ignore[method-assign]
    secrets.randbits = randbits
    imports.when_imported("torch", offer)
