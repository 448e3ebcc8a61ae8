"""GitLab's code quality report."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from trainlint.engine.fingerprints import fingerprints
from trainlint.engine.report import Report
from trainlint.findings import Position, Severity
from trainlint.reporting.places import Place, posix_path

_LEVELS = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab(report: Report) -> Iterator[str]:
    """The report; its paths are relative to the project that the job runs for."""
    project = os.environ.get("CI_PROJECT_DIR")
    root = Path(project) if project else None
    rows = []
    for finding, fingerprint in fingerprints(report, root):
        place = Place.of(finding.span, report)
        cell = "" if place.cell is None else f"cell {place.cell}: "
        rows.append(
            {
                "description": f"{cell}{finding.code}: {finding.message}",
                "check_name": finding.name,
                "fingerprint": fingerprint,
                "severity": _LEVELS[finding.severity],
                "location": {
                    "path": posix_path(place.path, root),
                    "positions": {"begin": _position(place.start), "end": _position(place.end)},
                },
            }
        )
    yield json.dumps(rows, indent=2)


def _position(position: Position) -> dict[str, int]:
    return {"line": position.row, "column": position.column}
