"""Whose a file is, also where trainlint or Python is reached by a link."""

import os
import subprocess
import sys
from pathlib import Path

import trainlint.probe

ASKS = """\
import os, random, sys
sys.path.insert(0, sys.argv[1])
from agent import places
own = os.path.join(sys.argv[1], "agent", "incidents.py")
print(*map(places.is_users, (own, os.path.realpath(own), random.__file__, sys.argv[2], "<string>")))
"""


def test_the_agent_and_python_are_not_the_users(tmp_path: Path) -> None:
    """By its link or by its true name, the agent is never the program; the program's file is."""
    script = tmp_path / "train.py"
    script.touch()
    linked = tmp_path / "linked"
    linked.symlink_to(Path(trainlint.probe.__file__).parent, target_is_directory=True)
    command = [sys.executable, "-c", ASKS, os.fspath(linked), os.fspath(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False", "False", "True", "False"]
