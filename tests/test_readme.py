"""The README promises nothing that is not so."""

import re
import subprocess
import sys
from pathlib import Path

from tests.rings import in_ci
from trainlint.cli.command_line import parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(mark: str) -> str:
    """The shell command between two marks."""
    found = re.search(rf"<!-- {mark} -->\n```bash\n(.+)\n```\n<!-- end -->", README)
    assert found, f"README.md holds one command, on one line, under <!-- {mark} -->"
    return found[1]


def test_ci_runs_the_test_command_of_the_readme(tmp_path: Path) -> None:
    """What CI runs is what the README tells a newcomer, word for word: `.ci/run` reads it from there."""
    said = command("the tests").replace("python3", "echo python3").replace("&&", r"\&\&")
    (tmp_path / "README.md").write_text(README.replace(command("the tests"), said), encoding="utf-8")
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    done = subprocess.run(["/usr/bin/env", "bash", ".ci/run"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == command("the tests").replace('"', "")


@in_ci("it probes for half a minute")
def test_the_main_job_does_what_the_readme_shows() -> None:
    """The first command of the README finds, in a program that ships with trainlint, what the README shows of it."""
    shown = re.search(r"<!-- it says -->\n```text\n(.+?)```\n<!-- end -->", README, re.DOTALL)
    arguments = command("the main job").partition("/trainlint ")[2].split()
    done = subprocess.run(
        [sys.executable, "-m", "trainlint", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert shown
    assert shown[1] in done.stdout


def test_every_option_exists() -> None:
    """Each command and each option that the README names is one."""
    known = parser().format_help() + "".join(
        sub.format_help() for action in parser()._actions if isinstance(action.choices, dict) for sub in action.choices.values()
    )
    assert all(option in known for option in re.findall(r"--[a-z][a-z-]+", README))
    assert all(word in known for word in re.findall(r"^\| `trainlint (\w+)", README, re.MULTILINE))


def test_the_floor_plan_is_that_of_the_tree() -> None:
    """Each folder and module of the package is on the floor plan."""
    plan = README.partition("## Floor plan")[2]
    parts = {path.name for path in (ROOT / "trainlint").iterdir() if not path.name.startswith(("_", ".")) and path.name != "py.typed"}
    assert {part for part in parts if part not in plan} == set()
