"""Observations of many small programs at the price of one start: a process imports torch once and forks for each of them.

Forked before the first computation, that is sound. `python -m tests.probe.forks` serves requests, one JSON object a line.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from trainlint.observations import Observation
from trainlint.probe.decoding import decoded

ROOT = Path(__file__).parent.parent.parent


class Forks:
    """A process that runs programs under the agent. It imports torch once for all of them, and further modules that they need."""

    def __init__(self, *modules: str) -> None:
        command = [sys.executable, "-m", "tests.probe.forks", *modules]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.fspath(ROOT)}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def observation(self, text: str, *, steps: int = 40, seed: int = 0, seconds: float = 60.0) -> Observation | str:
        """What a run of this program shows, or what went wrong."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"text": text, "steps": steps, "seed": seed, "seconds": seconds}) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        if "observation" not in told:
            return str(told.get("failed", {}).get("traceback", "nothing was told"))
        return decoded(Observation, told["observation"]["observation"])

    def close(self) -> None:
        """Ends it."""
        self.process.communicate("")


def _told(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    path = folder / "train.py"
    path.write_text(request["text"], encoding="utf-8")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.environ["TRAINLINT_CHANNEL"] = str(writing)
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        run = importlib.import_module("trainlint.probe.agent.program").run
        run({**request, "script": os.fspath(path), "arguments": []})
    os.close(writing)
    told = {}
    with os.fdopen(reading) as lines:
        for line in lines:
            message = json.loads(line)
            told[message["kind"]] = message
    os.waitpid(child, 0)
    return told


def serve(requests: IO[str], answers: IO[str], *modules: str) -> None:
    """Answers requests until there are no more."""
    for module in ("torch", *modules):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        for line in requests:
            answers.write(json.dumps(_told(json.loads(line), Path(folder))) + "\n")
            answers.flush()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout, *sys.argv[1:])
