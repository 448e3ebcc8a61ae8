"""What an analysis has to admit: a training loop that it could not follow.

Reports hold it, and they are read where nothing is parsed, so this module stays free of LibCST.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """A training loop that is there and could not be followed."""

    path: Path
    row: int
    reason: str
