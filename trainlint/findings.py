"""What trainlint reports, as plain frozen data that every other part may use."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: row and column, both counted from 1, columns in characters."""

    row: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file; `end` is the position after its last character."""

    path: Path
    start: Position
    end: Position


class Severity(IntEnum):
    """How bad a finding is if it is true. Errors and warnings fail a build, infos never do."""

    INFO = 1
    WARNING = 2
    ERROR = 3


class Confidence(IntEnum):
    """How sure a finding is: that of its weakest evidence.

    HIGH: every step was read in source or in a table of `knowledge`.
    MEDIUM: one assumption was made, and the evidence states it.
    LOW: never shown by default.
    """

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Category(Enum):
    """Why a finding is reported; it alone decides the severity."""

    CORRECTNESS = "correctness"
    SUSPICIOUS = "suspicious"
    ADVICE = "advice"
    PEDANTIC = "pedantic"

    @property
    def severity(self) -> Severity:
        """The severity that findings of this category have."""
        return _SEVERITY[self]


_SEVERITY = {
    Category.CORRECTNESS: Severity.ERROR,
    Category.SUSPICIOUS: Severity.WARNING,
    Category.ADVICE: Severity.INFO,
    Category.PEDANTIC: Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the program and what it shows."""

    span: Span
    message: str


class Applicability(Enum):
    """What applying a fix may do to the trained result."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "display-only"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the text of a span; an empty span inserts."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A set of edits that cures a finding, titled in the imperative, with the reason of its applicability."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule concludes about a program."""

    code: str
    name: str
    message: str
    category: Category
    confidence: Confidence
    span: Span
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    severity_set: Severity | None = None
    """The severity that the user has given to the rule."""

    @property
    def severity(self) -> Severity:
        """How bad this is if it is true."""
        return self.category.severity if self.severity_set is None else self.severity_set

    @property
    def fails_build(self) -> bool:
        """Whether the exit status says that something is wrong."""
        return self.severity >= Severity.WARNING
