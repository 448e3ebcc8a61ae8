"""SARIF 2.1.0, which GitHub's code scanning and many viewers read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trainlint import __version__
from trainlint.engine.fingerprints import fingerprints
from trainlint.engine.report import Report
from trainlint.findings import Applicability, Edit, Finding, Severity, Span
from trainlint.reporting.page import markdown
from trainlint.reporting.places import Place, posix_path, shown_path
from trainlint.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif(report: Report) -> Iterator[str]:
    """The log of one run.

    Paths are relative to the current folder and have no base: GitHub refuses an upload in which one of them is anything else.
    """
    from trainlint.engine.catalogue import find

    codes = sorted({finding.code for finding in report.findings})
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "trainlint",
                        "semanticVersion": _semantic(__version__),
                        "rules": [_rule(find(code)) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(report)],
                "results": [_result(finding, mark, codes, report) for finding, mark in fingerprints(report)],
            }
        ],
    }
    yield json.dumps(log, indent=2)


def _semantic(version: str) -> str:
    """0.1.0.dev0 as 0.1.0-dev0."""
    parts = version.split(".")
    return ".".join(parts[:3]) + ("-" + ".".join(parts[3:]) if parts[3:] else "")


def _rule(rule: type[Rule]) -> dict[str, Any]:
    page = markdown(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": rule.summary()},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[rule.category.severity]},
        "properties": {"tags": [rule.stage, rule.category.value], "problem.severity": _problem(rule.category.severity)},
    }


def _problem(severity: Severity) -> str:
    return "recommendation" if severity is Severity.INFO else severity.name.lower()


def _invocation(report: Report) -> dict[str, Any]:
    notifications = [
        {"level": "error", "message": {"text": f"{shown_path(error.path)}: {error.part} failed: {error.message}"}}
        for error in report.internal_errors
    ]
    return {"executionSuccessful": not report.internal_errors, "toolExecutionNotifications": notifications}


def _result(finding: Finding, fingerprint: str, codes: list[str], report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding.span, report)],
        "partialFingerprints": {"trainlint/v1": fingerprint},
        "properties": {"confidence": finding.confidence.name.lower(), "category": finding.category.value},
    }
    if finding.evidence:
        result["relatedLocations"] = [
            {"id": number, **_location(evidence.span, report), "message": {"text": evidence.message}}
            for number, evidence in enumerate(finding.evidence)
        ]
    if finding.fix and finding.fix.edits and finding.fix.applicability is not Applicability.DISPLAY_ONLY:
        paths = dict.fromkeys(edit.span.path for edit in finding.fix.edits)
        changes = [_change(path, finding.fix.edits, report) for path in paths]
        result["fixes"] = [{"description": {"text": finding.fix.title}, "artifactChanges": changes}]
    return result


def _location(span: Span, report: Report) -> dict[str, Any]:
    place = Place.of(span, report)
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(place.path)}, "region": _region(place)}}
    if place.cell is not None:
        location["logicalLocations"] = [{"name": f"cell {place.cell}", "kind": "member"}]
    return location


def _change(path: Path, edits: tuple[Edit, ...], report: Report) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(path)},
        "replacements": [
            {"deletedRegion": _region(Place.of(edit.span, report)), "insertedContent": {"text": edit.replacement}}
            for edit in edits
            if edit.span.path == path
        ],
    }


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.start.row,
        "startColumn": place.start.column,
        "endLine": place.end.row,
        "endColumn": place.end.column,
    }


def _uri(path: Path) -> str:
    """Relative for what lies below the current folder; nothing else is part of an upload."""
    return quote(posix_path(path)) if path.is_relative_to(Path.cwd()) else path.absolute().as_uri()
