"""A probe's report for people at a terminal."""

import math
import textwrap
from collections.abc import Iterator

from trainlint.probe.containment.outcome import Containment
from trainlint.probe.probing import ProbeReport
from trainlint.probe.unstepped import ended_early
from trainlint.reporting.excerpt import excerpt
from trainlint.reporting.places import Place
from trainlint.reporting.terminal import Terminal
from trainlint.verdicts import Cost, Outcome, Verdict

_MARKS = {
    Outcome.CONFIRMED: ("✗", "red", "^"),
    Outcome.INCONCLUSIVE: ("?", "yellow", "^"),
    Outcome.NOT_REPRODUCED: ("✓", "cyan", "^"),
}
_CONTAINED = {
    Containment.NAMESPACES: "contained by namespaces, which are no security sandbox",
    Containment.LANDLOCK: "contained by Landlock and hooks, which are no security sandbox",
    Containment.HOOKS: "contained by hooks in Python alone, which are no security sandbox",
    Containment.NONE: "nothing was run",
}
_BLOCKS = "▁▂▃▄▅▆▇█"
_WIDTH = 40


def told(report: ProbeReport, terminal: Terminal) -> Iterator[str]:
    """The lines of a report, a blank one after each verdict."""
    for verdict in report.verdicts:
        yield from _verdict(verdict, report, terminal)
        yield ""
    yield from _closing(report, terminal)


def _verdict(verdict: Verdict, report: ProbeReport, terminal: Terminal) -> Iterator[str]:
    sign, style, mark = _MARKS[verdict.outcome]
    finding, ruling = verdict.finding, verdict.ruling
    found = ", found by the run" if verdict.found_by == "run" else ""
    heading = f"{terminal.paint(f'{sign} {verdict.outcome.value}', style)} {finding.code} {terminal.paint(finding.name, 'bold')}{found}"
    yield f"{Place.of(finding.span, report.analysis)}: {heading}"
    yield from _wrapped(finding.message, terminal)
    yield from excerpt(finding.span, report.analysis, terminal, mark=mark, style=style)
    if ruling.measured:
        yield from _labelled("measured", ruling.measured, terminal)
    if ruling.threshold:
        source = f" ({ruling.source})" if ruling.source else ""
        yield from _labelled("threshold", f"{ruling.threshold}{source}", terminal)
    if ruling.reason:
        yield from _labelled("reason", ruling.reason, terminal)
    if verdict.cost is not None:
        yield from _labelled("cost", cost_in_words(verdict.cost), terminal)
    elif verdict.cost_note:
        yield from _wrapped(verdict.cost_note, terminal)


def cost_in_words(cost: Cost) -> str:
    """What a fault costs, with its numbers."""
    numbers = f"loss {cost.with_fault:.3g} with it, {cost.without_fault:.3g} without, after {cost.steps} steps"
    seeds = f", {cost.seeds} seeds" if cost.seeds > 1 else ""
    if not cost.informative:
        return f"cannot be told within these steps: the program without its faults has hardly learned yet ({numbers}{seeds})"
    if not math.isfinite(cost.difference):
        return f"the loss is not finite with it, {cost.without_fault:.3g} without, after {cost.steps} steps{seeds}"
    if cost.difference == 0:
        return f"exactly 0 ({numbers}{seeds})"
    word = "more" if cost.difference > 0 else "less"
    return f"{abs(cost.difference):.3g} {word} loss ({numbers}{seeds})"


def _closing(report: ProbeReport, terminal: Terminal) -> Iterator[str]:
    for note in report.notes:
        yield from _wrapped(f"note: {note}", terminal)
    observation = report.observation
    if early := ended_early(report.observed):
        yield from _wrapped(early, terminal)
    if observation is not None and observation.loss_curve:
        yield f"  loss {small_line(observation.loss_curve)}"
    if report.fixed_losses:
        yield f"  with all of it fixed {small_line(report.fixed_losses)}"
    counts = ", ".join(f"{report.count(outcome)} {outcome.value}" for outcome in Outcome)
    batches = observation.ending.evaluation_batches if observation is not None else 0
    seen = f"{report.steps} step{'s' * (report.steps != 1)} and {batches} evaluation batch{'es' * (batches != 1)} observed"
    yield f"{counts}; {seen}, {report.seconds:.0f} s ({_CONTAINED[report.observed.outcome.containment]})"


def small_line(values: tuple[float, ...]) -> str:
    """The values as a row of blocks between the first and the last of them; what is not finite is `×`."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return "not finite at any step"
    step = max(1, math.ceil(len(values) / _WIDTH))
    shown = values[::step]
    low, high = min(finite), max(finite)
    spread = (high - low) or 1.0
    blocks = "".join(_BLOCKS[min(7, int((value - low) / spread * 8))] if math.isfinite(value) else "×" for value in shown)
    return f"{values[0]:.3g} {blocks} {values[-1]:.3g}"


def _labelled(label: str, text: str, terminal: Terminal) -> Iterator[str]:
    yield from _wrapped(f"{label}: {text}", terminal)


def _wrapped(text: str, terminal: Terminal) -> list[str]:
    if terminal.width is None:
        return [f"  {text}"]
    return textwrap.wrap(text, max(terminal.width, 20), initial_indent="  ", subsequent_indent="    ", break_long_words=False)
