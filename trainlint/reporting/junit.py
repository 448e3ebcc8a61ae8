"""JUnit's report of tests, which almost every service reads."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import groupby

from trainlint.engine.report import Report
from trainlint.reporting.places import Place, posix_path

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> Iterator[str]:
    """A suite for each file with findings, in which each finding is a test that failed; else one test that passed."""
    total = {"tests": str(max(1, len(report.findings))), "failures": str(len(report.findings)), "errors": "0"}
    root = ET.Element("testsuites", {"name": "trainlint", **total})
    for path, members in groupby(report.findings, key=lambda finding: finding.span.path):
        findings = list(members)
        count = str(len(findings))
        name = _clean(posix_path(path))
        suite = ET.SubElement(root, "testsuite", name=name, tests=count, failures=count, errors="0", package="org.trainlint")
        for finding in findings:
            place = Place.of(finding.span, report)
            row, column = str(place.start.row), str(place.start.column)
            case = ET.SubElement(suite, "testcase", name=f"org.trainlint.{finding.code}", classname=name, line=row, column=column)
            cell = "" if place.cell is None else f"cell {place.cell}, "
            failure = ET.SubElement(case, "failure", message=_clean(finding.message), type=finding.severity.name.lower())
            failure.text = _clean(f"{cell}line {row}, col {column}, {finding.message}")
    if not report.findings:
        suite = ET.SubElement(root, "testsuite", name="trainlint", tests="1", failures="0", errors="0", package="org.trainlint")
        ET.SubElement(suite, "testcase", name="no findings", classname="trainlint")
    ET.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield from ET.tostring(root, encoding="unicode").splitlines()


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
