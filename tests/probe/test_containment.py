"""Hostile programs, each in every containment that this machine grants: they end in time, and leave nothing behind."""

import hashlib
import json
import os
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from trainlint.probe.containment.order import Limits
from trainlint.probe.containment.outcome import Containment, How, Outcome
from trainlint.probe.containment.running import contained

HERE = Path(__file__).parent
AGENT = HERE.parent.parent / "trainlint" / "probe" / "agent"

PYTHON = sys.executable
"""The tests replace `sys.executable`."""

WITHOUT_SYS_ADMIN = f"""\
#!{sys.executable}
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 21, 0, 0, 0)  # drop CAP_SYS_ADMIN from the bounding set
os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])
"""
"""An interpreter for a supervisor that has to ask for a user namespace, as that of any user but root."""

WAYS: dict[str, tuple[Containment, dict[str, Any]]] = {
    "namespaces": (Containment.NAMESPACES, {}),
    "user-namespace": (Containment.NAMESPACES, {}),
    "landlock": (Containment.LANDLOCK, {"namespaces": False}),
    "hooks": (Containment.HOOKS, {"namespaces": False, "landlock": False}),
}
FILES = {"data.txt": "data", "kept.txt": "kept", "kept.bin": "bin", "checkpoints/best.pt": "weights", "empty/": ""}
SHORT = Limits(seconds=1.5, memory=512 << 20, processes=24, written=16 << 20)


def granted(way: str) -> bool:
    """Whether this kernel grants a containment; the user namespace is a way of its own for root alone."""
    if way == "user-namespace" and os.geteuid() != 0:
        return False
    expected, arguments = WAYS[way]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if way == "user-namespace":
            patch.setattr(sys, "executable", unprivileged_interpreter(Path(folder)))
        return contained([PYTHON, "-S", "-c", ""], cwd=folder, **arguments).containment is expected


def unprivileged_interpreter(folder: Path) -> str:
    """See `WITHOUT_SYS_ADMIN`."""
    interpreter = folder / "python"
    interpreter.write_text(WITHOUT_SYS_ADMIN, encoding="utf-8")
    interpreter.chmod(0o755)
    return str(interpreter)


GRANTED = [way for way in WAYS if granted(way)]


class Place:
    """A project folder with one hostile script, and a containment to run it in."""

    def __init__(self, folder: Path, way: str) -> None:
        self.folder = folder
        self.way = way
        self.mark = uuid.uuid4().hex
        self.incidents: list[dict[str, Any]] = []
        for name, text in FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir() if name.endswith("/") else path.write_text(text, encoding="utf-8")

    @property
    def enclosed(self) -> bool:
        """The kernel contains child processes and deletes, so that they may happen."""
        return WAYS[self.way][0] is Containment.NAMESPACES

    def run(self, script: str, *arguments: str, limits: Limits = SHORT, python: str = sys.executable) -> Outcome:
        """The outcome of a script, after everything has been checked that holds for each of them."""
        (self.folder / script).write_bytes((HERE / "hostile" / script).read_bytes())
        before, begun = self.contents(), time.monotonic()
        expected, choices = WAYS[self.way]
        outcome = contained(
            [python, str(HERE / "boot.py"), str(AGENT), script, *arguments],
            cwd=self.folder,
            environment={**os.environ, "TRAINLINT_TEST_MARK": self.mark, "OPENAI_API_KEY": "sk-1"},
            limits=limits,
            on_line=self.take,
            **choices,
        )
        assert time.monotonic() - begun < limits.seconds + 3.0
        assert outcome.containment is expected, outcome
        assert self.contents() == before
        assert outcome.changes == ()
        assert outcome.compared
        assert self.survivors() == []
        return outcome

    def take(self, line: str) -> None:
        """Keeps what the agent says."""
        self.incidents = json.loads(line)["incidents"]

    def contents(self) -> dict[str, str]:
        """All files and folders, with what is in them."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            for path in self.folder.rglob("*")
        }

    def survivors(self) -> list[int]:
        """Processes that still run with this run's environment."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                state = (process / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
                if state != "Z" and self.mark.encode() in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return found

    def said(self, kind: str) -> list[str]:
        """What the agent refused or redirected."""
        return [incident["what"] for incident in self.incidents if incident["kind"] == kind]


@pytest.fixture(params=GRANTED)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A fresh project in each containment."""
    way: str = request.param
    if way == "user-namespace":
        monkeypatch.setattr(sys, "executable", unprivileged_interpreter(tmp_path))
    (tmp_path / "project").mkdir()
    return Place(tmp_path / "project", way)


@pytest.mark.parametrize("script", ["endless_loop.py", "swallows_everything.py", "never_lets_go.py"])
def test_what_never_ends_is_ended(place: Place, script: str) -> None:
    """No handler and no `except` holds on to it."""
    outcome = place.run(script, limits=Limits(seconds=0.8))
    assert outcome.how is How.TIMEOUT
    assert "begun" in outcome.printed
    assert "its time was over" in outcome.described()


def test_output_without_end_is_read_to_the_end_of_the_time(place: Place) -> None:
    """Nobody waits for a full pipe, and what is kept is bounded."""
    outcome = place.run("prints_without_end.py", limits=Limits(seconds=0.8))
    assert outcome.how is How.TIMEOUT
    assert 1000 < len(outcome.printed) <= 64 << 10


def test_a_process_may_leave_at_once(place: Place) -> None:
    """`os._exit` tells nothing, and the status is known all the same."""
    outcome = place.run("leaves_at_once.py")
    assert (outcome.how, outcome.code, outcome.crash) == (How.ENDED, 3, None)
    assert outcome.described().startswith("ended with exit status 3 after")


def test_a_fork_bomb_is_bounded(place: Place) -> None:
    """Where processes may be started there is a limit; elsewhere the first is refused."""
    numbers = Path("/proc/sys/kernel/pid_max").read_text("ascii")
    outcome = place.run("fork_bomb.py")
    assert Path("/proc/sys/kernel/pid_max").read_text("ascii") == numbers
    if place.enclosed:
        assert outcome.how is How.PROCESSES
    else:
        assert (outcome.how, outcome.code) == (How.ENDED, 5)
        assert place.said("process") == ["fork"]


def test_a_daemon_does_not_outlive_its_parent(place: Place) -> None:
    """Neither a session of its own nor a dead parent helps it."""
    outcome = place.run("daemon.py")
    if place.enclosed:
        assert outcome.others == 1
        assert "parent is done" in outcome.printed
    else:
        assert outcome.crash is not None
        assert outcome.crash.kind == "PermissionError"
        assert outcome.crash.rows[-1].row == 7


def test_deletes_do_not_happen(place: Place) -> None:
    """In an overlay they are forgotten, elsewhere refused, the file and the line named."""
    outcome = place.run("deletes.py")
    assert outcome.code == 0
    if place.enclosed:
        assert "rmtree done" in outcome.printed
        gone = {Path(written.path).name for written in outcome.written if written.size is None}
        assert {"data.txt", "checkpoints", "kept.txt"} <= gone
    else:
        assert "remove refused: PermissionError" in outcome.printed
        assert "rmtree refused: PermissionError" in outcome.printed
        assert f"deleting {place.folder / 'data.txt'}" in place.said("delete")
        assert place.incidents[0]["place"]["row"] == 12


def test_files_are_not_changed_by_other_names(place: Place) -> None:
    """Not through what is open, nor through links, whose folders outside are left alone when the run is swept away."""
    mode = place.folder.stat().st_mode
    outcome = place.run("reaches_around.py")
    assert "/dev/null 9" in outcome.printed, outcome.printed
    assert place.folder.stat().st_mode == mode
    assert not (Path.home() / "trainlint-test-link.txt").exists()
    done = {line.split()[0] for line in outcome.printed.splitlines() if line.endswith(" done")}
    assert done == (set() if not place.enclosed else done | {"descriptor", "dev", "cwd", "root", "fchmod", "mkfifo", "unlink", "script"})


def test_a_program_may_become_another(place: Place) -> None:
    """Where it may, it is held as the one before."""
    outcome = place.run("becomes_another.py", limits=Limits(seconds=0.8))
    if place.enclosed:
        assert (outcome.how, outcome.printed) == (How.TIMEOUT, "begun\n")
    else:
        (said,) = place.said("process")
        assert said.startswith(f"{sys.executable} -S -c print('begun'")


def test_writes_are_seen_by_the_program_alone(place: Place) -> None:
    """It writes wherever it likes, reads it back, and nothing of it is there afterwards."""
    home = Path.home() / "trainlint-test-home.txt"
    outcome = place.run("writes_everywhere.py")
    assert "all written" in outcome.printed, outcome.printed
    assert not home.exists()
    assert not Path("/tmp/trainlint-test-tmp.txt").exists()  # noqa: S108 - a script's, not ours
    written = {written.path: written.size for written in outcome.written}
    assert written[str(place.folder / "relative.txt")] == 7
    assert written[str(home)] == 4


def test_what_cannot_be_held_is_named(place: Place) -> None:
    """Native code gets past Python: the kernel holds it where it may, and elsewhere the report says what changed."""
    (place.folder / "writes_past_python.py").write_bytes((HERE / "hostile" / "writes_past_python.py").read_bytes())
    before = place.contents()
    choices = WAYS[place.way][1]
    command = [PYTHON, str(HERE / "boot.py"), str(AGENT), "writes_past_python.py"]
    outcome = contained(command, cwd=place.folder, limits=Limits(seconds=10), **choices)
    changed = {Path(change.path).name: change.how for change in outcome.changes}
    if outcome.containment is Containment.HOOKS:
        assert changed == {"past.txt": "added", "data.txt": "changed"}
    else:
        assert changed == {}
        assert place.contents() == before
        assert ("past.txt done" in outcome.printed) is place.enclosed


def test_child_processes_leave_no_trace(place: Place) -> None:
    """They run where a namespace ends them; elsewhere only what is known to read."""
    outcome = place.run("runs_commands.py")
    assert outcome.code == 0
    assert "uname done" in outcome.printed
    for name in ("system", "shell", "run", "popen", "spawn", "kill"):
        assert f"{name} done" in outcome.printed if place.enclosed else f"{name} refused: PermissionError" in outcome.printed
    assert bool(place.said("process")) is not place.enclosed


def test_there_is_no_network(place: Place) -> None:
    """Connections and look-ups fail at once and are named; the program may speak with itself."""
    outcome = place.run("uses_network.py")
    assert outcome.code == 0, outcome.printed
    for name in ("connect", "look-up", "download", "datagram"):
        assert f"{name} refused" in outcome.printed
    assert "own b'hello'" in outcome.printed
    assert {"connection to 192.0.2.1:80", "look-up of example.com"} <= set(place.said("network"))


@pytest.mark.parametrize(
    ("script", "kind", "message", "row"),
    [
        ("raises_at_step_seven.py", "ValueError", "no step 7", 6),
        ("missing_file.py", "FileNotFoundError", "[Errno 2] No such file or directory: 'measurements.csv'", 3),
        ("asks.py", "EOFError", "EOF when reading a line", 3),
        ("eats_memory.py", "MemoryError", "", 6),
    ],
)
def test_an_exception_is_told_with_its_row(place: Place, script: str, kind: str, message: str, row: int) -> None:
    """What was raised, where in the user's own file, and what was missing."""
    outcome = place.run(script, limits=Limits(seconds=10, memory=256 << 20))
    crash = outcome.crash
    assert crash is not None
    assert (crash.kind, crash.message) == (kind, message)
    assert (Path(crash.rows[-1].path).name, crash.rows[-1].row) == (script, row)
    assert f"{script}:{row}" in outcome.described()


def test_required_arguments_are_asked_for(place: Place) -> None:
    """What the program says about itself is kept."""
    outcome = place.run("required_argument.py")
    assert outcome.code == 2
    assert "the following arguments are required: --data" in outcome.printed


def test_written_bytes_are_bounded(place: Place) -> None:
    """The disk does not fill up."""
    outcome = place.run("fills_the_disk.py", limits=Limits(seconds=10, written=16 << 20))
    assert outcome.how is How.WRITTEN or (outcome.crash is not None and outcome.crash.kind == "OSError")
    assert all((written.size or 0) <= 16 << 20 for written in outcome.written)


def test_credentials_stay_outside(place: Place) -> None:
    """Trackers are switched off, and nothing in the environment lets anyone in."""
    outcome = place.run("tells_secrets.py")
    assert "OPENAI_API_KEY" not in outcome.printed
    assert "WANDB_MODE=disabled" in outcome.printed
    assert "TRAINLINT_CONTAINMENT" not in outcome.printed


def test_whoever_waits_may_have_seen_enough(tmp_path: Path) -> None:
    """The first line that is answered with True ends the program."""
    program = "import os\nwhile True: os.write(int(os.environ['TRAINLINT_CHANNEL']), b'seen\\n')"
    lines: list[str] = []

    def enough(line: str) -> bool:
        lines.append(line)
        return True

    outcome = contained([sys.executable, "-c", program], cwd=tmp_path, on_line=enough)
    assert (outcome.how, lines) == (How.STOPPED, ["seen"])


@pytest.mark.parametrize("way", GRANTED)
def test_a_program_goes_with_trainlint(way: str, tmp_path: Path) -> None:
    """Even where trainlint itself is killed, what it runs does not go on."""
    program = (
        "import sys\nfrom trainlint.probe.containment.running import contained\n"
        f"contained([sys.executable, '-c', 'print(1, flush=True)\\nimport time\\nwhile True: time.sleep(0.01)'], cwd={str(tmp_path)!r},"
        f" **{WAYS[way][1]!r}, on_tick=lambda: print('tick', flush=True))"
    )
    place = Place(tmp_path, way)
    environment = {**os.environ, "TRAINLINT_TEST_MARK": place.mark, "PYTHONPATH": str(HERE.parent.parent)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE) as trainlint:
        assert trainlint.stdout is not None
        for _ in range(8):
            trainlint.stdout.readline()
        assert len(place.survivors()) >= 2
        trainlint.kill()
    deadline = time.monotonic() + 3
    while place.survivors() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert place.survivors() == []


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    """It is told, and no traceback of ours."""
    outcome = contained(["no-such-interpreter"], cwd=tmp_path)
    assert outcome.how is How.NOT_STARTED
    assert "no-such-interpreter cannot be started" in outcome.described()
