"""What tells a finding from others from one version of a file to the next."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath

from trainlint.engine.report import Report
from trainlint.findings import Finding

_NEW_ROW = re.compile("\r\n?|\n")


def relative(path: Path, root: Path) -> str:
    """The path from a folder, with `/` between its parts, for programs on other machines."""
    return PurePath(os.path.relpath(path, root)).as_posix()


def fingerprints(report: Report, root: Path | None = None) -> Iterator[tuple[Finding, str]]:
    """Each finding with its fingerprint: rule, path from `root`, and the text of its row, whatever number the row has.

    Of findings of one rule in equal rows, the second is told from the first by its being the second.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    rows = {path: _NEW_ROW.split(text) for path, text in report.sources.items()}
    for finding in report.findings:
        texts = rows.get(finding.span.path, [])
        row = finding.span.start.row - 1
        parts = finding.code, relative(finding.span.path, root or Path.cwd()), " ".join(texts[row].split()) if row < len(texts) else ""
        yield finding, hashlib.sha256("\0".join((*parts, str(seen[parts]))).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[parts] += 1
