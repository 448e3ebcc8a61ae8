"""What the parent asks of the supervisor, as JSON between the two."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Limits:
    """Where a program is ended."""

    seconds: float = 120.0
    """From the moment it is asked for: looking at the project folder counts."""
    memory: int = 8 << 30
    """Bytes of memory that all its processes hold together; none can reserve more for itself, which it sees as a MemoryError."""
    processes: int = 64
    written: int = 2 << 30
    """Bytes in files that it made or changed; they are thrown away."""


@dataclass(frozen=True)
class Order:
    """One program to run."""

    command: list[str]
    cwd: str
    environment: dict[str, str]
    scratch: str
    """An empty folder, the parent's to delete."""
    project: str
    limits: Limits = field(default_factory=Limits)
    kept: list[int] = field(default_factory=list)
    """Descriptors that the program inherits."""
    allow_network: bool = False
    foreign_groups: bool = False
    """The project has files whose group no user namespace can name; an overlay could not change them."""
    namespaces: bool = True
    landlock: bool = True

    def encoded(self) -> bytes:
        """One line."""
        return json.dumps(asdict(self)).encode("ascii") + b"\n"


def decoded(line: bytes) -> Order:
    """The order in a line."""
    fields = json.loads(line)
    return Order(**{**fields, "limits": Limits(**fields["limits"])})
