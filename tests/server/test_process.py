"""The server as a process: what it loads, what it prints, when it ends."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.server.editor import COMMAND, PATIENCE, in_time, names, session
from tests.server.test_sessions import BOTH, WIDE

ENTRANCES = {"trainlint-server": COMMAND, "trainlint server": (sys.executable, "-m", "trainlint", "server")}
MARK = "import pathlib\npathlib.Path({path!r}).touch()\n"
FAILING = """\
import os, sys
from trainlint.engine.catalogue import all_rules

def check(self, program):
    print("a rule prints")
    os.write(1, b"a library prints\\n")
    os.system("echo a program prints")
    raise ValueError("a rule\\nfails")

next(rule for rule in all_rules() if rule.name == "stale-gradients").check = check
from trainlint_server.__main__ import main
sys.exit(main([]))
"""


@pytest.mark.parametrize("command", ENTRANCES.values(), ids=ENTRANCES)
def test_nothing_of_the_workspace_runs(tmp_path: Path, command: tuple[str, ...]) -> None:
    """A workspace may hold modules with the names of those that the server needs, and be the folder that it is started in."""
    marker = tmp_path / "executed"
    workspace = tmp_path / "workspace"
    for name in ("pygls.py", "lsprotocol.py", "libcst/__init__.py", "sitecustomize.py", "asyncio.py", "typing.py", "torch.py", "train.py"):
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MARK.format(path=str(marker)), encoding="utf-8")
    if command[-1] == "server":  # `python -m trainlint` itself looks in the working folder; the installed command does not
        command = (sys.executable, "-c", "import sys; del sys.path[0]; from trainlint.cli.main import main; sys.exit(main(['server']))")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    async def test() -> None:
        async with session(workspace, command=command, cwd=workspace, env=environment) as editor:
            uri = editor.open(workspace / "new.py", WIDE)
            assert names(await editor.pushed(uri, 1)) == BOTH

    in_time(test())
    assert not marker.exists()


def test_a_failing_rule_is_a_line_of_the_log(tmp_path: Path) -> None:
    """Once, however often it fails; the other rules are heard, the server lives on, and what is printed reaches nobody's protocol."""

    async def test() -> None:
        async with session(tmp_path, command=(sys.executable, "-c", FAILING)) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            assert names(await editor.pushed(uri, 1)) == BOTH[:1]
            version = editor.replace(uri, "lr=0.1", "lr=0.2")
            assert names(await editor.pushed(uri, version)) == BOTH[:1]
            assert editor.log == ["`stale-gradients` failed on train.py: ValueError: a rule fails"]

    in_time(test())


def test_it_ends_when_nobody_speaks_any_more() -> None:
    """The end of the stream is the end of the server."""
    with Popen(COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE) as server:
        assert server.stdin
        server.stdin.close()
        assert server.wait(PATIENCE) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there the end of the stream alone ends it")
def test_it_ends_with_its_client(tmp_path: Path) -> None:
    """Even where a child of the client keeps the stream open."""

    async def test(client: "Popen[bytes]") -> None:
        async with session(tmp_path, command=COMMAND, process_id=client.pid) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            await editor.pushed(uri, 1)
            client.kill()
            client.wait()
            assert editor._server
            assert await asyncio.wait_for(editor._server.wait(), PATIENCE) == 1

    with Popen([sys.executable, "-c", "input()"], stdin=PIPE) as client:
        in_time(test(client))


def test_it_does_not_wait_for_a_check(tmp_path: Path) -> None:
    """A long check of a text that nobody looks at any more does not hold up the end."""

    async def test() -> None:
        async with session(tmp_path, command=COMMAND) as editor:
            text = "import torch\n" + "".join(f"for x{i} in data:\n    loss(x{i}).backward()\n" for i in range(1500))
            editor.open(tmp_path / "train.py", text)
            await asyncio.sleep(0.3)
            started = time.monotonic()
        assert time.monotonic() - started < 3

    in_time(test())


def test_what_it_says_of_itself() -> None:
    """`--version`, `--help`, and a wrong option in one line of usage."""
    for arguments, status, words in ((["--version"], 0, "trainlint-server 0"), (["--help"], 0, "usage"), (["--tcp"], 2, "usage")):
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == status
        assert words in (done.stderr if status else done.stdout)


def test_the_server_has_no_standard_input_left(tmp_path: Path) -> None:
    """What reads from it, or asks the user, gets an end of file instead of the protocol."""
    program = "import sys\nfrom trainlint_server.__main__ import claim_the_standard_streams as claim\nclaim()\nassert not sys.stdin.read()"
    done = subprocess.run([sys.executable, "-c", program], input="protocol", capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
