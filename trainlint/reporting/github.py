"""Annotations of GitHub Actions, which the service shows beside the changed rows."""

from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.findings import Severity
from trainlint.reporting.places import Place, posix_path

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(report: Report) -> Iterator[str]:
    """One workflow command for each finding."""
    for finding in report.findings:
        place = Place.of(finding.span, report)
        properties = {
            "title": f"trainlint ({finding.code})",
            "file": posix_path(place.path),
            "line": place.start.row,
            "col": place.start.column,
            "endLine": place.end.row,
            "endColumn": place.end.column,
        }
        written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
        yield f"::{_LEVELS[finding.severity]} {written}::{_data(f'{place}: {finding.code} {finding.message}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
