"""A probe's report for programs: one object of JSON."""

import json
import math
import os
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

from trainlint.engine.report import Report
from trainlint.probe.probing import ProbeReport
from trainlint.reporting.json_rows import place_row
from trainlint.verdicts import Outcome, Verdict


def json_object(report: ProbeReport) -> str:
    """The object as text, ASCII alone; what is not finite is null."""
    return json.dumps(_plain(_object(report)), indent=2, allow_nan=False)


def _object(report: ProbeReport) -> dict[str, Any]:
    outcome = report.observed.outcome
    return {
        "script": report.program.shown,
        "interpreter": report.interpreter.path,
        "interpreter_found_by": report.interpreter.found,
        "steps": report.steps,
        "wanted_steps": report.request.steps,
        "seed": report.request.seed,
        "seconds": round(report.seconds, 2),
        "ended": outcome.described() if report.observation is None else report.observation.ending.reason,
        "containment": outcome.containment.value,
        "confirmed": report.count(Outcome.CONFIRMED),
        "verdicts": [_verdict(verdict, report.analysis) for verdict in report.verdicts],
        "loss": list(report.observation.loss_curve) if report.observation else [],
        "comparable_loss": list(report.original_losses),
        "fixed_loss": list(report.fixed_losses),
        "notes": list(report.notes),
        "changed_files": [{"path": change.path, "how": change.how} for change in outcome.changes],
        "observation": asdict(report.observation) if report.observation else None,
    }


def _verdict(verdict: Verdict, analysis: Report) -> dict[str, Any]:
    finding, ruling = verdict.finding, verdict.ruling
    return {
        "name": finding.name,
        "code": finding.code,
        "verdict": verdict.outcome.value,
        "message": finding.message,
        "severity": finding.severity.name.lower(),
        "category": finding.category.value,
        **place_row(finding.span, analysis),
        "evidence": [{**place_row(evidence.span, analysis), "message": evidence.message} for evidence in finding.evidence],
        "measured": {"text": ruling.measured, "value": ruling.value},
        "threshold": {"text": ruling.threshold, "source": ruling.source},
        "reason": ruling.reason,
        "cost": asdict(verdict.cost) if verdict.cost else None,
        "cost_note": verdict.cost_note,
        "found_by": verdict.found_by,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return os.fspath(value) if isinstance(value, Path) else value.value if isinstance(value, Enum) else value
