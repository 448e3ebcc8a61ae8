"""Figures of what a step does to the weights."""

import math

from trainlint.measures import LARGEST_UPDATE, SMALLEST_UPDATE
from trainlint.probe.report.figure import Figure, Panel
from trainlint.probe.report.step_charts import Curve, Level, step_chart, step_table
from trainlint.probe.report.subject import Subject


def update_ratios(subject: Subject) -> Figure | None:
    """How much of their norm the weights move by."""
    optimizer = subject.optimizer()
    if optimizer is None or not any(0 < ratio < math.inf for ratio in optimizer.update_ratios):
        return None
    curve = Curve("", optimizer.update_ratios, steps=optimizer.update_steps)
    levels = [Level("small networks train here", SMALLEST_UPDATE, LARGEST_UPDATE)]
    reading = (
        "The median over the layers of how far one step moves the weights, over their norm. "
        "Below the band hardly anything is learned, above it what was learned is forgotten."
    )
    chart = step_chart("update over weight, in norm", [curve], levels=levels)
    return Figure(f"updates {optimizer.constructed}", "Size of the steps", reading, (Panel(chart),), step_table([curve]))


def learning_rates(subject: Subject) -> Figure | None:
    """The learning rate at each step, where it changes."""
    optimizer = subject.optimizer()
    if optimizer is None or len(set(optimizer.learning_rates)) < 2:
        return None
    curve = Curve("", optimizer.learning_rates)
    reading = "The learning rate of the optimizer's first group, as its scheduler sets it."
    return Figure(
        f"rates {optimizer.constructed}", "Learning rate", reading, (Panel(step_chart("learning rate", [curve])),), step_table([curve])
    )
