"""What runs on other machines, executed as far as one can without them: the GitHub Action, and the snippets of the README."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_commands import FAULTY

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "trainlint" / "action.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a fault."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(FAULTY, encoding="utf-8")
    return tmp_path


def bash(script: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A step as a runner executes it: it ends with the first command that fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["/usr/bin/env", "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def step(name: str, **inputs: str) -> tuple[str, dict[str, str]]:
    """The script of a step of the action, and its environment with the inputs filled in."""
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    values = {key: given["default"] for key, given in action["inputs"].items()} | {
        key.replace("_", "-"): text for key, text in inputs.items()
    }
    (found,) = (each for each in action["runs"]["steps"] if each["name"] == name)
    assert action["runs"]["using"] == "composite"
    filled = {
        key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: values[match[1]], text) for key, text in found.get("env", {}).items()
    }
    assert not any("${{" in text for text in filled.values())
    return found["run"], filled


def test_the_action_annotates_and_fails(project: Path) -> None:
    """The step prints a workflow command for each finding, and fails the job."""
    script, environment = step("Check", paths="src")
    done = bash(script, project, **environment)
    assert done.returncode == 1
    assert re.match(r"::error title=trainlint \(TL501\),file=src/train\.py,line=8,col=5,endLine=8,endColumn=21::", done.stdout)
    script, environment = step("Check", paths="src", args="--ignore TL501")
    assert bash(script, project, **environment).returncode == 0


def test_the_action_writes_a_log(project: Path) -> None:
    """The log for code scanning is there although the job fails."""
    script, environment = step("Check", paths="src", sarif_file="trainlint.sarif")
    assert bash(script, project, **environment).returncode == 1
    log = json.loads((project / "trainlint.sarif").read_text(encoding="utf-8"))
    assert log["runs"][0]["results"][0]["ruleId"] == "TL501"


def test_the_action_installs_the_repository_that_it_lies_in() -> None:
    """What it hands to pip is the root of this repository."""
    script, _ = step("Install trainlint")
    path = re.search(r'"(\$GITHUB_ACTION_PATH[^"]*)"', script)
    assert path
    assert Path(path[1].replace("$GITHUB_ACTION_PATH", str(ACTION.parent))).resolve() == ROOT


def snippets() -> list[Any]:
    """The YAML that the README shows."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.+?)```", readme, re.DOTALL)]


def test_the_snippets_of_the_readme(project: Path) -> None:
    """They name hooks, an action and inputs that exist, and the job for GitLab writes a report that GitLab reads."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    shown = {hook["id"] for each in snippets() for repo in each.get("repos", []) for hook in repo["hooks"]}
    assert shown <= {hook["id"] for hook in hooks}
    assert shown
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    uses = [
        use for each in snippets() for job in each.get("jobs", {}).values() for use in job["steps"] if "trainlint" in use.get("uses", "")
    ]
    assert uses
    for use in uses:
        assert (ROOT / use["uses"].partition("@")[0].split("/", 2)[2]).is_dir()
        assert use.get("with", {}).keys() <= action["inputs"].keys()
    (job,) = (each["trainlint"] for each in snippets() if "trainlint" in each)
    assert bash(job["script"][-1], project).returncode == 1
    report = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert report[0]["location"]["path"] == "src/train.py"
