"""Suppression comments for everything that a check finds: for a project that begins to use trainlint."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from trainlint.engine.suppression import NEVER_SUPPRESSED
from trainlint.findings import Finding
from trainlint.source.suppressions import ignore_edit
from trainlint.source.texts import Texts

_UNWRITABLE = NEVER_SUPPRESSED | {"TL001", "TL002", "TL004"}
"""What no comment could suppress, or what one would not help."""


@dataclass(slots=True)
class Ignored:
    """What has been suppressed: the new texts with the old ones, and how many findings that concerns."""

    before: dict[Path, str]
    after: dict[Path, str]
    findings: int = 0
    left: int = 0
    """Findings that cannot be suppressed by a comment."""


def ignore_all(findings: Iterable[Finding], files: Collection[Path], texts: Texts, reason: str) -> Ignored:
    """Writes a suppression at each finding's place, or at the first place of its evidence that lies in these files."""
    from trainlint.editing.text import apply_edits

    result = Ignored({}, {})
    wanted: defaultdict[tuple[Path, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        places = (finding.span, *(evidence.span for evidence in finding.evidence))
        place = next((place for place in places if place.path in files), None)
        if place is None or finding.code in _UNWRITABLE:
            result.left += 1
        else:
            wanted[place.path, place.start.row].append(finding)
    for (path, row), members in wanted.items():
        text = result.after.get(path) or texts.read(path)
        edit = ignore_edit(path, text, row, sorted({finding.code for finding in members}), reason)
        if edit is None:
            result.left += len(members)
            continue
        result.before.setdefault(path, text)
        result.after[path] = apply_edits(text, [edit])
        result.findings += len(members)
    return result
