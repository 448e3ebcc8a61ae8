"""The whole page, and the file that it goes to."""

import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from trainlint.engine.usage import UsageError
from trainlint.probe.probing import ProbeReport
from trainlint.probe.report.belonging import figures_of_the_run
from trainlint.probe.report.loss_figures import loss_over_steps
from trainlint.probe.report.run_facts import run_facts
from trainlint.probe.report.source_lines import source_lines
from trainlint.probe.report.subject import Subject
from trainlint.probe.report.verdict_cards import verdict_cards
from trainlint.probe.sources import span_of
from trainlint.probe.unstepped import why_nothing
from trainlint.reporting.places import Place
from trainlint.source.saving import replace_file
from trainlint.verdicts import Outcome
from trainlint.version import __version__

_MOST_PRINTED = 6000


def page(report: ProbeReport, made: datetime) -> str:
    """The page as text, made at this time."""
    cards = verdict_cards(report)
    observation = report.observation
    drawn = {figure.name for card in cards for figure in card.figures}
    stepped = observation is not None and report.steps > 0
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["coded"] = _coded
    return environment.get_template("page.html.jinja").render(
        report=report,
        made=made,
        version=__version__,
        style=Path(__file__).with_name("page.css").read_text(encoding="utf-8"),
        cards=cards,
        counts={outcome.value: report.count(outcome) for outcome in Outcome},
        facts=run_facts(report),
        loss=loss_over_steps(report) if stepped else None,
        figures=figures_of_the_run(Subject(report, observation), drawn) if stepped and observation is not None else [],
        nothing="" if stepped else why_nothing(report.observed, report.program).splitlines()[0],
        failure=_failure(report),
        printed=report.observed.outcome.legible[-_MOST_PRINTED:],
    )


def write_page(report: ProbeReport, path: Path) -> None:
    """Puts the page into a file, whole or not at all. Raises UsageError where it cannot be written."""
    text = page(report, datetime.now().astimezone())
    mode = 0o666 & ~_umask()
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
    try:
        replace_file(path, text.encode("utf-8", "replace"), mode)
    except OSError as error:
        raise UsageError(f"the report `{path}` cannot be written: {error.strerror}") from error


def _failure(report: ProbeReport) -> dict[str, object] | None:
    failure = report.observation.ending.failure if report.observation is not None else None
    if failure is None:
        return None
    span = span_of(failure.place) if failure.place is not None else None
    return {
        "kind": failure.kind,
        "message": failure.message,
        "place": str(Place.of(span, report.analysis)) if span is not None else "",
        "lines": source_lines(span, report.analysis) if span is not None else (),
    }


def _coded(text: str) -> Markup:
    """What stands between backticks as code."""
    parts = [Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(text.split("`"))]
    return Markup().join(parts)


def _umask() -> int:
    umask = os.umask(0o22)
    os.umask(umask)
    return umask
