"""What the page says about each verdict."""

import math
from dataclasses import dataclass

from trainlint.probe.probing import ProbeReport
from trainlint.probe.report.belonging import figures_beside
from trainlint.probe.report.figure import Figure
from trainlint.probe.report.source_lines import SourceLine, source_lines
from trainlint.probe.report.subject import Subject
from trainlint.probe.telling import cost_in_words
from trainlint.reporting.places import Place
from trainlint.verdicts import Cost, Outcome, Verdict

_MARKS = {Outcome.CONFIRMED: "✗", Outcome.INCONCLUSIVE: "?", Outcome.NOT_REPRODUCED: "✓"}
_GRAVITY = (Outcome.CONFIRMED, Outcome.INCONCLUSIVE, Outcome.NOT_REPRODUCED)


@dataclass(frozen=True, slots=True)
class Card:
    """One verdict, in words, lines and figures."""

    anchor: str
    verdict: Verdict
    mark: str
    style: str
    """The name of the verdict as a class of the page's style."""
    place: str
    lines: tuple[SourceLine, ...]
    cost: str
    short_cost: str
    """The cost in a few characters; empty where there is none."""
    evidence: tuple[tuple[str, str], ...]
    """Places that the finding rests on, and what they show."""
    figures: tuple[Figure, ...]


def verdict_cards(report: ProbeReport) -> tuple[Card, ...]:
    """The confirmed first, of those the ones that cost most; each figure stands beside the first verdict that it belongs to."""
    cards: list[Card] = []
    drawn: set[str] = set()
    for number, verdict in enumerate(sorted(report.verdicts, key=_order), 1):
        figures: list[Figure] = []
        if report.observation is not None and report.steps:
            figures = figures_beside(Subject(report, report.observation, verdict), drawn)
            drawn.update(figure.name for figure in figures)
        cards.append(_card(number, verdict, report, tuple(figures)))
    return tuple(cards)


def _order(verdict: Verdict) -> tuple[int, float, int]:
    cost = verdict.cost.difference if verdict.cost is not None else -math.inf
    return (_GRAVITY.index(verdict.outcome), -cost, verdict.finding.span.start.row)


def _short(cost: Cost) -> str:
    if not cost.informative:
        return ""
    if not math.isfinite(cost.difference):
        return "no finite loss"
    if abs(cost.difference) < 0.005:
        return "±0 loss"
    return f"{cost.difference:{'+.2f' if abs(cost.difference) < 100 else '+.3g'}} loss".replace("-", "−")


def _card(number: int, verdict: Verdict, report: ProbeReport, figures: tuple[Figure, ...]) -> Card:
    finding, cost = verdict.finding, verdict.cost
    return Card(
        anchor=f"verdict-{number}",
        verdict=verdict,
        mark=_MARKS[verdict.outcome],
        style=verdict.outcome.value.replace(" ", "-"),
        place=str(Place.of(finding.span, report.analysis)),
        lines=source_lines(finding.span, report.analysis),
        cost=cost_in_words(cost) if cost is not None else verdict.cost_note,
        short_cost=_short(cost) if cost is not None else "",
        evidence=tuple((str(Place.of(one.span, report.analysis)), one.message) for one in finding.evidence),
        figures=figures,
    )
