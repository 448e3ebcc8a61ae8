"""Why a run made no step, and what its user can do about that."""

import re
import signal
from pathlib import Path

from trainlint.observations import Failure, Observation
from trainlint.probe.runner import Observed, Program
from trainlint.probe.sources import line_of, row_of

_USAGE = re.compile(r"^(\S+: error: .+|Usage: .+|Error: .+)$", re.MULTILINE)
"""What argparse, click and fire say of arguments that are missing or unknown."""


def why_nothing(observed: Observed, program: Program) -> str:
    """Why no step was observed, in one sentence, and what may help in another."""
    observation = observed.observation
    if observation is None:
        if observed.outcome.signal == signal.SIGALRM:
            return "the program has put another one in its place (`os.exec…`), which nobody watches"
        return observed.failure or f"the program {observed.outcome.described()}"
    failure = observation.ending.failure
    if failure is not None:
        return _raised(failure, program, observation)
    reason = observation.ending.reason
    if reason == "exited":
        return _left(observed.outcome.printed, program)
    if reason == "timeout":
        return _slow(observation)
    told = "the program ended" if reason == "program ended" else reason
    if not observation.optimizers:
        return f"{told}, and no optimizer was made: perhaps it wants a subcommand, or trains in processes of its own, which nobody watches"
    return f"no optimizer made a step: {told}"


def ended_early(observed: Observed) -> str:
    """Why a run that made steps made fewer than were asked for, in one sentence; empty where it did not."""
    observation = observed.observation
    if observation is None or not 0 < observation.ending.steps < observation.ending.wanted_steps:
        return ""
    ending = observation.ending
    steps = f"{ending.steps} of {ending.wanted_steps} steps"
    if ending.failure is not None:
        place = f" at {row_of(ending.failure.place)}" if ending.failure.place else ""
        said = ending.failure.message.splitlines()[0] if ending.failure.message else ""
        return f"the program raised {ending.failure.kind}{place} after {steps}: {said}"
    if ending.reason == "timeout":
        return f"the time was over after {steps} (--timeout gives it more)"
    return f"the program ended after {steps}"


def _raised(failure: Failure, program: Program, observation: Observation) -> str:
    place = f" at {row_of(failure.place)}" if failure.place else ""
    said = failure.message.splitlines()[0] if failure.message else ""
    if not said and failure.place is not None:
        said = f"`{line_of(failure.place)}`"
    hint = _NETWORK if _wanted_the_network(failure, observation) else _hint(failure, program)
    return f"the program raised {failure.kind}{place} before its first step: {said}{f' ({hint})' if hint else ''}"


_NETWORK = "it asked for the network there, which a probe has not: --allow-network lets it have it, and so do files that are there already"


def _wanted_the_network(failure: Failure, observation: Observation) -> bool:
    """Whether the line that raised is one that asked for it."""
    if failure.kind == "ModuleNotFoundError" or failure.place is None or "--allow-network" in failure.message:
        return False
    asked = [incident.place for incident in observation.incidents if incident.kind == "network" and incident.place is not None]
    return any((place.path, place.row) == (failure.place.path, failure.place.row) for place in asked)


def _hint(failure: Failure, program: Program) -> str:
    if failure.kind == "ModuleNotFoundError" and (missing := re.search(r"No module named '([^']+)'", failure.message)):
        name = missing[1].partition(".")[0]
        if _is_in_project(name, program.folder):
            return f"`{name}` lies in {program.folder}: `trainlint probe -m` runs a module of a package from there"
        if "." in missing[1]:
            return f"the `{name}` that {program.interpreter} has is of another version, without that part"
        return f"install it for {program.interpreter}, or name another interpreter with --python"
    if failure.kind in ("FileNotFoundError", "NotADirectoryError"):
        named = re.search(r"'([^']+)'", failure.message)
        if named and not Path(named[1]).is_absolute():
            return (
                f"relative paths start at {program.folder}, where the probe was started; what belongs to the script stands after its name"
            )
    if failure.kind in ("IndexError", "KeyError") and "sys.argv" in (line_of(failure.place) if failure.place else ""):
        return _ARGUMENTS
    return ""


_ARGUMENTS = "what belongs to the script stands after its name"


def _is_in_project(name: str, folder: Path) -> bool:
    return (folder / name).is_dir() or (folder / f"{name}.py").is_file()


def _left(printed: str, program: Program) -> str:
    usage = _USAGE.findall(printed)
    if not usage:
        last = next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "")
        return f"the program exited with an error before its first step{f', and said last: {last}' if last else ''}"
    given = f" {' '.join(program.arguments)}" if program.arguments else ""
    command = f"trainlint probe {f'-m {program.module}' if program.module else program.shown}{given} …"
    return f"the program wants other arguments: {usage[-1].strip()} ({_ARGUMENTS}: `{command}`)"


def _slow(observation: Observation) -> str:
    if observation.losses or observation.forwards:
        return "the first step was not over in time (--timeout gives it more; a smaller batch, where the script takes one, needs less)"
    return "no pass of a network was seen before the time was over (--timeout gives it more)"
