"""What a program ran on, what was refused or replaced, and how it ended."""

from dataclasses import dataclass

from trainlint.observations.places import Place


@dataclass(frozen=True, slots=True)
class Incident:
    """What the containment refused, replaced or redirected."""

    kind: str
    """`stand-in data`, `stand-in module`, `stand-in device`, `write`, `delete`, `network`, `process`, `note`."""
    what: str
    count: int = 1
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The exception that ended the program."""

    kind: str
    message: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How far the run came, and why it ended."""

    reason: str
    """`steps reached`, `program ended`, `raised`, `exited`, `timeout`, `memory`, `killed`."""
    steps: int
    wanted_steps: int
    evaluation_batches: int
    seconds: float
    trained_after_evaluation: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the program ran on."""

    python: str
    torch: str
    device: str
    seed: int
    columns: bool
    """The interpreter knows columns."""
