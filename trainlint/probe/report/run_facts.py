"""What the head of the page says about the run: what ran, on what, how far, and what became of what it wanted to do."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from trainlint.observations import Incident
from trainlint.probe.containment.outcome import Containment
from trainlint.probe.probing import ProbeReport
from trainlint.probe.surroundings import in_words

_CONTAINMENT = {
    Containment.NAMESPACES: "namespaces of its own: what it wrote went to an overlay in memory and is gone",
    Containment.LANDLOCK: "Landlock: the kernel let it write into a scratch folder alone",
    Containment.HOOKS: "audit hooks in its own process alone",
    Containment.NONE: "nothing was started",
}
_REFUSED = ("write", "delete", "network", "process")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, and what is to be said under it: one text or several."""

    name: str
    values: tuple[str, ...]
    grave: bool = False
    """The reader should not overlook it."""


def run_facts(report: ProbeReport) -> tuple[Fact, ...]:
    """All of them, in the order in which a reader asks."""
    observation, outcome, request = report.observation, report.observed.outcome, report.request
    program = f"-m {report.program.module}" if report.program.module else report.program.shown
    facts = [Fact("Program", (" ".join([program, *map(shlex.quote, report.program.arguments)]),))]
    if observation is not None:
        ending, around = observation.ending, observation.surroundings
        facts += [
            Fact(
                "Interpreter",
                (f"Python {around.python}, PyTorch {around.torch}", f"{report.interpreter.path} ({report.interpreter.found})"),
            ),
            Fact(
                "Steps",
                (f"{ending.steps} of {ending.wanted_steps} optimizer steps, {ending.evaluation_batches} evaluation batches",),
                ending.steps == 0,
            ),
            Fact("Device and seed", (f"{around.device}, seed {around.seed}",)),
        ]
    else:
        facts.append(Fact("Interpreter", (f"{report.interpreter.path} ({report.interpreter.found})",)))
        facts.append(Fact("Steps", (f"0 of {request.steps} optimizer steps",), grave=True))
    incidents = observation.incidents if observation is not None else ()
    facts.append(Fact("Time", (f"{report.seconds:.0f} s of {report.timeout:.0f} s, measuring costs included",)))
    stand_ins = _told(incident for incident in incidents if incident.kind.startswith("stand-in"))
    facts.append(Fact("Stand-ins", stand_ins or ("none: it ran on what it brought",), bool(stand_ins)))
    changes = tuple(f"{change.path} ({change.how})" for change in outcome.changes)
    unsure = () if outcome.compared else ("not every file of the project folder was compared",)
    facts.append(Fact("Changed on disk", (changes or ("nothing in the project folder",)) + unsure, bool(changes)))
    refused = _told(incident for incident in incidents if incident.kind in _REFUSED)
    facts.append(Fact("Refused or redirected", refused or ("nothing",)))
    facts.append(Fact("Contained by", (_CONTAINMENT[outcome.containment], "This contains accidents and is no security sandbox.")))
    notes = _told(incident for incident in incidents if incident.kind == "note")
    return (*facts, *([Fact("Also", notes)] if notes else []))


def _told(incidents: Iterable[Incident]) -> tuple[str, ...]:
    return tuple(words if kind == "note" else f"{kind.removeprefix('stand-in ')}: {words}" for kind, words in in_words(incidents))
