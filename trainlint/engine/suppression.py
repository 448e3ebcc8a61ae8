"""Findings that the user has decided to live with, and suppressions that suppress nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.engine.selection import exactness
from trainlint.findings import Applicability, Confidence, Finding, Fix, Position, Span
from trainlint.source.suppressions import Reach, Suppression, removal_edit, suppressions_in

if TYPE_CHECKING:
    from trainlint.rule import Rule
    from trainlint.source.texts import Texts

NEVER_SUPPRESSED = frozenset({"TL003"})
"""A report that hides a failure of trainlint looks like a clean one."""


@dataclass(slots=True)
class Suppressions:
    """The suppression comments of the files of a check, and which of their words have been of use."""

    texts: "Texts"
    paths: Iterable[Path]
    _found: dict[Path, tuple[Suppression, ...]] = field(default_factory=dict)
    _used: "defaultdict[Suppression, set[str]]" = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Reads the comments; a file that cannot be read has none."""
        for path in self.paths:
            nothing: tuple[Suppression, ...] = ()
            if found := self.texts.derive(path, suppressions_in, default=nothing):
                self._found[path] = found

    def suppress(self, finding: Finding) -> bool:
        """Whether a comment at the finding's place, or at a place of its evidence, is about it; which is then of use."""
        if finding.code in NEVER_SUPPRESSED:
            return False
        suppressed = False
        for place in (finding.span, *(evidence.span for evidence in finding.evidence)):
            for each in self._found.get(place.path, ()):
                if _silences(each, finding, place):
                    self._used[each].update(word for word in each.words if _means(word, finding, each))
                    if not each.words:
                        self._used[each].add("")
                    suppressed = True
        return suppressed

    def unused(self, rule: "type[Rule]", runs: "Callable[[Path, type[Rule]], bool]") -> Iterator[Finding]:
        """A finding of `rule` (TL004) for each comment that says more than it does.

        `runs` tells which rules run for a file: a word about a rule that is off may be of use another time.
        """
        for path, found in self._found.items():
            if not runs(path, rule):
                continue
            for each in found:
                idle = tuple(word for word in each.words if word not in self._used[each] and self._is_idle(path, word, each, runs))
                if idle or (not each.words and each.reach is not Reach.NOQA and each not in self._used):
                    finding = self._finding(rule, path, each, idle)
                    if not any(other is not each and _silences(other, finding, finding.span) for other in found):
                        yield finding

    def _is_idle(self, path: Path, word: str, each: Suppression, runs: "Callable[[Path, type[Rule]], bool]") -> bool:
        from trainlint.engine.catalogue import all_rules

        if each.reach is Reach.NOQA and not word.upper().startswith("TL"):
            return False  # another linter's
        meant = [rule for rule in all_rules() if exactness(word, rule)]
        return not meant or (all(rule.code not in NEVER_SUPPRESSED for rule in meant) and all(runs(path, rule) for rule in meant))

    def _finding(self, rule: "type[Rule]", path: Path, each: Suppression, idle: tuple[str, ...]) -> Finding:
        words = ", ".join(f"`{word}`" for word in idle)
        message = f"this suppression of {words} suppresses nothing" if words else "this suppression suppresses nothing"
        edit = removal_edit(path, self.texts.read(path), each, idle)
        fix = Fix("remove the unused suppression", (edit,), Applicability.SAFE, "a comment changes nothing of the program")
        span = Span(path, Position(each.row, each.start + 1), Position(each.row, each.end + 1))
        return Finding(rule.code, rule.name, message, rule.category, Confidence.HIGH, span, fix=fix)


def _silences(each: Suppression, finding: Finding, place: Span) -> bool:
    return each.covers(place.start.row) and (not each.words or any(_means(word, finding, each) for word in each.words))


def _means(word: str, finding: Finding, each: Suppression) -> bool:
    """Whether a word of a suppression is about a finding: its code or name, or a prefix of its code."""
    if each.reach is Reach.NOQA:
        return word.upper() == finding.code
    return word.lower() == finding.name or finding.code.startswith(word.upper())
