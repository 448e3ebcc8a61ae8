"""Figures of the loss: as it is against everything fixed, and what one fault costs."""

import math
from dataclasses import replace

from trainlint.observations import Loss, Observation
from trainlint.probe.probing import ProbeReport
from trainlint.probe.report.drawing import FAULTY, INK, SOUND
from trainlint.probe.report.figure import Figure, Panel
from trainlint.probe.report.step_charts import Curve, Level, step_chart, step_table
from trainlint.probe.report.subject import Subject
from trainlint.verdicts import number

_WIDE = 1104
_TALL = 260
_PROBABILITIES = frozenset({"binary_cross_entropy", "binary_cross_entropy_with_logits"})


def loss_over_steps(report: ProbeReport) -> Figure | None:
    """The loss of the program as it is, and with all fixed that could be; None where no loss was seen."""
    observation = report.observation
    if observation is None:
        return None
    own = report.original_losses or observation.loss_curve
    curves = [Curve("as it is", own, FAULTY if report.fixed_losses else INK)] if own else []
    if report.fixed_losses:
        curves.append(Curve("all fixed", report.fixed_losses, SOUND))
    if not curves:
        return None
    levels = _guess(observation, in_classes=bool(report.original_losses))
    title = "cross-entropy at the logits" if _recomputed(report) else "loss"
    wide = step_chart(title, curves, levels=levels, width=_WIDE, height=_TALL)
    narrow = step_chart(title, curves, levels=levels)
    return Figure("loss", "Loss at each step", _reading(report, curves, levels), (Panel(wide, narrow=narrow),), step_table(curves))


def cost_over_steps(subject: Subject) -> Figure | None:
    """The loss with this fault and no other against that with none; None where this was not measured."""
    verdict, report = subject.verdict, subject.report
    if verdict is None or verdict.cost is None or verdict.cost.losses in ((), report.fixed_losses, report.original_losses):
        return None  # nothing was measured, or the two lines are one, or they are those of the whole program
    curves = [Curve("with it", verdict.cost.losses, FAULTY), Curve("without", report.fixed_losses, SOUND)]
    levels = _guess(subject.observation, in_classes=True)
    reading = "Same random numbers, every other confirmed fault fixed: what lies between the lines is this fault."
    title = "cross-entropy at the logits" if _recomputed(report) else "loss"
    chart = step_chart(title, curves, levels=levels, height=150)
    return Figure(f"cost {verdict.finding.code} {verdict.finding.span}", "What it costs", reading, (Panel(chart),), step_table(curves))


def loss_of_one_batch(subject: Subject) -> Figure | None:
    """The loss on one batch that is trained on over and over; None without `--overfit`."""
    losses = subject.observation.overfit
    if not losses:
        return None
    curves = [Curve("one batch", losses)]
    reading = "Trained on a single batch again and again, a sound network learns it by heart: the line ends near 0."
    return Figure("one batch", "Loss on one batch", reading, (Panel(step_chart("loss", curves)),), step_table(curves))


def first_loss(subject: Subject) -> Figure | None:
    """The loss that the verdict is about, against that of a guess."""
    loss = subject.loss()
    if loss is None or not loss.class_losses:
        return None
    observation = replace(subject.observation, losses=(loss,))
    curves = [Curve("", loss.class_losses)]
    reading = (
        "Before it has learned anything, a network that is well initialized does as well as a guess: its line begins at the dashed one."
    )
    levels = _guess(observation, in_classes=True)
    chart = step_chart("cross-entropy at the logits", curves, levels=levels)
    return Figure(f"loss {loss.place}", "The first losses", reading, (Panel(chart),), step_table(curves))


def classes_of(observation: Observation) -> int | None:
    """How many classes the loss that was trained most tells apart; None where it is no loss over classes."""
    loss = max((loss for loss in observation.losses if loss.trained), key=lambda loss: loss.trained, default=None)
    if loss is None or loss.units is None or not (loss.class_losses or loss.function in _PROBABILITIES):
        return None
    return 2 if loss.units == 1 or loss.function in _PROBABILITIES else loss.units


def _guess(observation: Observation, *, in_classes: bool) -> list[Level]:
    """The loss of a guess, where the loss is a cross-entropy."""
    classes = classes_of(observation)
    loss = max((loss for loss in observation.losses if loss.trained), key=lambda loss: loss.trained, default=None)
    if classes is None or loss is None:
        return []
    crossed = loss.function in _PROBABILITIES or loss.function in ("cross_entropy", "nll_loss")
    if not in_classes and not (crossed and loss.plain and loss.reduction == "mean" and _is_all(loss, observation)):
        return []
    return [Level(f"a guess among {classes}: ln {classes} = {math.log(classes):.3g}", math.log(classes))]


def _is_all(loss: Loss, observation: Observation) -> bool:
    """Whether what is trained on is this loss and no sum of several."""
    return bool(loss.values and observation.loss_curve) and math.isclose(loss.values[0], observation.loss_curve[0], rel_tol=0.05)


def _recomputed(report: ProbeReport) -> bool:
    """Whether the curves are not what the program computes, but the cross-entropy that compares it with its twin."""
    return report.observation is not None and bool(report.original_losses) and report.original_losses != report.observation.loss_curve


def _reading(report: ProbeReport, curves: list[Curve], levels: list[Level]) -> str:
    said = ["Lower is better."]
    if levels:
        said.append(f"The dashed line is the loss of a guess among {classes_of(report.observation) if report.observation else ''} classes.")
    if report.fixed_losses:
        said.append(
            f"After {len(curves[0].values)} steps the program as it is stands at {_said(curves[0].last)}; with every confirmed fault "
            f"fixed that has a fix, at {_said(curves[1].last)}, on the same random numbers."
        )
    if _recomputed(report):
        said.append("Both are measured alike, as the cross-entropy at the logits, whatever loss the program computes.")
    return " ".join(said)


def _said(loss: float) -> str:
    return number(loss) if math.isfinite(loss) else "no finite number"
