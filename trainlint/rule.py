"""The contract that every rule fulfils.

A rule file is read from top to bottom: its page (the docstring), its metadata, its examples, `check`. Name, stage and
severity are derived, never written: the file `rules/loop/stale_gradients.py` holds the rule `stale-gradients` of the stage
`loop`, and its category decides how severe it is.
"""

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from trainlint.findings import Category, Confidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainlint.cures.changes import Cure
    from trainlint.observations import Observation
    from trainlint.program.training_program import TrainingProgram
    from trainlint.settings.values import Option
    from trainlint.source.ir import Node
    from trainlint.verdicts import Ruling

SECTIONS = ("What it checks", "Why it matters", "When it stays silent", "How to fix it", "References")
STAGES = {"tool": 0, "data": 1, "network": 2, "loss": 3, "optimizer": 4, "loop": 5, "evaluation": 6, "observations": 9}
"""The hundreds digit of the codes of each stage; `observations` is what only a run can show."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A program with the fault; `# <- here` marks each row that is reported."""

    source: str
    category: Category | None = None
    """The category of the finding where it is lower than the rule's own."""
    fixed: str | None = None
    """What applying the rule's fixes, unsafe ones included, makes of it, without the marks; None where it offers none."""


@dataclass(frozen=True, slots=True)
class Good:
    """A program that looks like the fault and is none, and why."""

    source: str
    because: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place where a rule sees its fault, before anyone has asked for rows and columns."""

    place: "Node"
    message: str
    evidence: "tuple[tuple[Node, str], ...]" = ()
    category: Category | None = None
    """Lower than the rule's category where its row of the catalogue says so."""
    confidence: Confidence = Confidence.HIGH
    fix: "Cure | tuple[Cure, ...]" = ()
    """How it is cured; of several ways, the first that can be made surely."""


class Rule(ABC):
    """One fault of training programs: its page, its metadata, its examples and the question it asks.

    A subclass's docstring is its page: a summary line, then the sections of `SECTIONS` as `## ` headings, in that order.
    """

    code: ClassVar[str]
    category: ClassVar[Category]
    since: ClassVar[str]
    preview: ClassVar[bool] = False
    examples: ClassVar[tuple[Bad | Good, ...]]
    options: ClassVar["Mapping[str, Option]"] = MappingProxyType({})
    """What can be set in `[tool.trainlint.rules.NAME]`, with the defaults."""

    name: ClassVar[str]
    stage: ClassVar[str]

    def __init__(self, options: "Mapping[str, Option] | None" = None, target_torch: tuple[int, int] | None = None) -> None:
        """`options` are those that the user has set; `target_torch` is the version of PyTorch that the program is written for."""
        self.option = {**type(self).options, **(options or {})}
        self.target_torch = target_torch

    def __init_subclass__(cls) -> None:
        """Derives name and stage from the file, and refuses a rule without a whole page."""
        folder, file = cls.__module__.rsplit(".", 2)[-2:]
        cls.name, cls.stage = file.replace("_", "-"), folder
        headings = tuple(re.findall(r"^## (.+)$", cls.page(), re.MULTILINE))
        if headings != SECTIONS:
            raise TypeError(f"{cls.__module__}: the page has the sections {headings}, it needs {SECTIONS}")
        if cls.stage not in STAGES or cls.code[2] != str(STAGES[cls.stage]):
            raise TypeError(f"{cls.__module__}: {cls.code} does not belong to the stage {cls.stage!r}")

    @classmethod
    def page(cls) -> str:
        """The rule's documentation page, in Markdown."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def summary(cls) -> str:
        """The first line of the page."""
        return cls.page().partition("\n")[0]

    @abstractmethod
    def check(self, program: "TrainingProgram") -> Iterator[Sighting]:
        """Yields each place where the program has this fault, on decided answers only."""

    def judge(self, observation: "Observation") -> "Iterator[Ruling]":
        """Yields what a real run says about the places where this fault may stand; nothing where no run can settle it."""
        del observation
        return iter(())
