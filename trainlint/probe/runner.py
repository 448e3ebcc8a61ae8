"""Runs the user's program under the agent, contained, in a process of its own, and brings back what it saw."""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainlint.observations import Observation
from trainlint.probe.containment.order import Limits
from trainlint.probe.containment.outcome import Outcome
from trainlint.probe.decoding import decoded
from trainlint.probe.notebooks import as_python, is_notebook, program_text

AGENT = Path(__file__).parent / "agent" / "start.py"
ENDING = 6.0
"""Seconds of a run that are kept for its agent to tell what it saw; of a short one, a quarter of its time."""


@dataclass(frozen=True, slots=True)
class Program:
    """What the user asked to be run, and how."""

    script: Path
    """The file that runs as `__main__`; for `-m`, the file of the module."""
    arguments: tuple[str, ...]
    interpreter: str
    folder: Path
    """Where it runs."""
    shown: str
    """The script as it was named, which becomes `sys.argv[0]` and `__file__`; a notebook has no `__file__`."""
    module: str | None = None

    @property
    def notebook(self) -> bool:
        """Whether it is a notebook."""
        return is_notebook(self.script)


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for."""

    steps: int = 40
    seed: int = 0
    memory: int = 8 << 30
    device: str | None = None
    synthetic_data: str = "auto"
    allow_network: bool = False
    overfit: bool = False
    processes: int = 1
    """How many a launcher has started, of which this is the first."""
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


@dataclass(frozen=True, slots=True)
class Observed:
    """One run: what the agent saw, and how the process ended."""

    observation: Observation | None
    outcome: Outcome
    failure: str | None
    """What went wrong inside the agent, if anything did."""


Progress = Callable[[Mapping[str, Any]], None]


def unwatched(_: Mapping[str, Any]) -> None:
    """The progress of a run that nobody watches."""


def observe(
    program: Program,
    request: Request,
    *,
    seconds: float,
    sources: Mapping[Path, str] | None = None,
    light: bool = False,
    finite: bool = False,
    overfit: bool = False,
    seed: int | None = None,
    progress: Progress = unwatched,
    on_tick: Callable[[], None] = lambda: None,
) -> Observed:
    """Runs the program once, and is back after `seconds` at the latest, but for the ending of processes that resist it.

    `sources` holds texts that stand for those of files; a light run notes losses alone.
    """
    from trainlint.probe.containment.running import contained
    from trainlint.probe.containment.scratch import scratch

    told: dict[str, Any] = {}
    ending = min(ENDING, seconds / 4)
    deadline = time.monotonic() + seconds

    def heard(line: str) -> bool:
        message = _message(line)
        if message.get("kind") == "progress":
            if isinstance(message.get("step"), int):
                progress(message)
        else:
            told[str(message.get("kind"))] = message
        return "observation" in told or "failed" in told

    texts = dict(sources or {})
    if program.notebook:
        texts[program.script] = as_python(texts.get(program.script) or program_text(program.script))
    configuration = {
        "script": os.fspath(program.script) if program.notebook else program.shown,
        "notebook": program.notebook,
        "module": program.module,
        "arguments": list(program.arguments),
        "sources": {os.fspath(path): text for path, text in texts.items()},
        "steps": request.steps,
        "deadline": deadline - ending,
        "ending": ending,
        "seed": request.seed if seed is None else seed,
        "device": request.device,
        "network": request.allow_network,
        "synthetic_data": request.synthetic_data,
        "overfit": overfit,
        "light": light,
        "finite": finite,
    }
    with scratch() as folder:
        file = Path(folder, "configuration.json")
        file.write_text(json.dumps(configuration), encoding="utf-8")
        outcome = contained(
            [program.interpreter, os.fspath(AGENT), os.fspath(file)],
            cwd=program.folder,
            environment={**_quiet(request.environment), **({"CUDA_VISIBLE_DEVICES": ""} if request.device == "cpu" else {})},
            limits=Limits(seconds=deadline - time.monotonic(), memory=request.memory),
            allow_network=request.allow_network,
            on_line=heard,
            on_tick=on_tick,
        )
    failed = told.get("failed")
    failure = f"{failed.get('message')}\n{failed.get('traceback', '')}".strip() if failed else None
    observation = None
    if "observation" in told:
        try:
            observation = decoded(Observation, told["observation"].get("observation"))
        except (TypeError, ValueError, AttributeError) as error:
            failure = f"what the run has told cannot be read: {error}"
    return Observed(observation, outcome, failure)


def _message(line: str) -> Mapping[str, Any]:
    """What the agent says; nothing where the program itself has written into the channel."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _quiet(environment: Mapping[str, str]) -> dict[str, str]:
    """Half of the cores compute, unless the user says how many: threads that wait for a core that others use cost more than they bring."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {"OMP_NUM_THREADS": str(max(1, cores // 2)), **environment}
