"""Findings that a project knows of already, so that only new ones are shown."""

import json
from dataclasses import replace
from pathlib import Path

from trainlint.engine.fingerprints import fingerprints, relative
from trainlint.engine.report import Report
from trainlint.engine.usage import UsageError

_FORMAT = 1


def write_baseline(path: Path, report: Report) -> None:
    """Writes what a report holds; paths are relative to the file's folder, so that it can be committed."""
    root = path.absolute().parent
    known = [
        {"fingerprint": mark, "path": relative(finding.span.path, root), "code": finding.code, "message": finding.message}
        for finding, mark in fingerprints(report, root)
    ]
    try:
        path.write_text(json.dumps({"trainlint-baseline": _FORMAT, "findings": known}, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the baseline `{path}` cannot be written: {error.strerror}") from None


def without_known(report: Report, path: Path) -> tuple[Report, int]:
    """The report without what the baseline knows, and how many findings that were."""
    known = _read(path)
    new = tuple(finding for finding, mark in fingerprints(report, path.absolute().parent) if mark not in known)
    return replace(report, findings=new), len(report.findings) - len(new)


def _read(path: Path) -> frozenset[str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["trainlint-baseline"] != _FORMAT:
            raise UsageError(f"the baseline `{path}` was written by another version of trainlint; --write-baseline writes it anew")
        findings = data["findings"]
        return frozenset(each["fingerprint"] for each in findings)
    except FileNotFoundError:
        raise UsageError(f"there is no baseline `{path}`; --write-baseline writes it") from None
    except OSError as error:
        raise UsageError(f"the baseline `{path}` cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"`{path}` is no baseline of trainlint's") from None
