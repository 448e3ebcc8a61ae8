"""Figures of the gradients: their norm at each step, layer by layer, and what is left of them at the logits."""

import math
from dataclasses import dataclass
from statistics import median
from typing import Any

from trainlint.measures import explosion
from trainlint.observations import Observation
from trainlint.probe.report.drawing import FAULTY, INK, MUTED, WIDTH, drawn, logarithmic_axis
from trainlint.probe.report.figure import Figure, Panel, Table
from trainlint.probe.report.step_charts import Curve, Level, Mark, step_chart, step_table
from trainlint.probe.report.subject import Subject

_MOST_LAYERS = 24
_ROW = 17
_LABELS = 128
"""Pixels for the names of layers."""


def gradient_norms(subject: Subject) -> Figure | None:
    """The norm of all gradients at each step, before clipping, and the step at which it bursts."""
    optimizer = subject.optimizer()
    if optimizer is None or not optimizer.gradient_norms or not any(optimizer.gradient_norms):
        return None
    norms = optimizer.gradient_norms
    burst = explosion(norms)
    marks = []
    reading = "It may fall as the network learns; it should neither leap nor fade to nothing."
    if burst is not None and math.isfinite(norms[burst[0]]):
        marks = [Mark(f"step {burst[0] + 1}", burst[0], norms[burst[0]], FAULTY)]
        reading = f"At step {burst[0] + 1} it leaps to {burst[1]:,.0f} times the median of the ten steps before."
    elif burst is not None:
        reading = f"From step {burst[0] + 1} on, the dotted line at the top, it is no longer a number."
    elif optimizer.stale_steps > 1:
        reading = "Each step adds to what the steps before have left behind, so that it grows."
    reading = f"The norm of all gradients together, before any clipping. {reading}"
    curve = Curve("", norms)
    chart = step_chart("gradient norm", [curve], marks=marks)
    return Figure(f"gradient norms {optimizer.constructed}", "Gradient norm at each step", reading, (Panel(chart),), step_table([curve]))


@dataclass(frozen=True, slots=True)
class _Range:
    layer: str
    norms: tuple[float, ...]
    """Those that are numbers above 0."""
    held: bool
    """An optimizer holds its parameters."""


def gradients_by_layer(subject: Subject) -> Figure | None:
    """The range of each layer's gradient norm over the steps, in the order in which the layers are called."""
    rows = _ranges(subject.observation)
    norms = [norm for row in rows for norm in row.norms]
    if len(rows) < 2 or not norms:
        return None
    shown = [*rows[: _MOST_LAYERS // 2], *rows[-_MOST_LAYERS // 2 :]] if len(rows) > _MOST_LAYERS else rows
    low, high = min(norms) / 1.5, max(norms) * 1.5
    x: dict[str, Any] = {"type": "quantitative", "scale": {"type": "log", "domain": [low, high], "nice": False}}
    x["axis"] = {"title": "gradient norm", "grid": True, **logarithmic_axis(low, high)}
    y: dict[str, Any] = {
        "field": "layer",
        "type": "nominal",
        "sort": [row.layer for row in shown],
        "scale": {"domain": [row.layer for row in shown]},
    }
    y["axis"] = {"title": None, "labelLimit": _LABELS * 3 // 4, "minExtent": _LABELS, "maxExtent": _LABELS, "labelColor": INK}
    moved = [{"layer": row.layer, "low": min(row.norms), "middle": median(row.norms), "high": max(row.norms)} for row in shown if row.norms]
    still = [{"layer": row.layer, "said": "no gradient" if row.held else "in no optimizer"} for row in shown if not row.norms]
    bar = {"type": "rule", "color": MUTED, "strokeWidth": 5, "opacity": 0.35, "strokeCap": "round"}
    dot = {"type": "point", "filled": True, "size": 38, "color": INK, "opacity": 1}
    text = {"type": "text", "align": "left", "color": FAULTY}
    chart = {
        "width": WIDTH - _LABELS - 14,
        "height": {"step": _ROW},
        "layer": [
            {"data": {"values": moved}, "mark": bar, "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"data": {"values": moved}, "mark": dot, "encoding": {"y": y, "x": {**x, "field": "middle"}}},
            {"data": {"values": still}, "mark": text, "encoding": {"y": y, "x": {"value": 4}, "text": {"field": "said"}}},
        ],
    }
    left_out = f" {len(rows) - len(shown)} layers in the middle are left out here." if len(shown) < len(rows) else ""
    reading = (
        "From the first layer that is called to the last: the median over the steps (dot) and the whole range (bar). "
        f"Sound networks stay within two or three powers of ten.{left_out}"
    )
    numbers = tuple((row.layer, *(f"{of(row.norms):.2e}" if row.norms else "0" for of in (min, median, max))) for row in rows)
    table = Table(("layer", "smallest", "median", "largest"), numbers)
    return Figure("gradients by layer", "Gradient norm of each layer", reading, (Panel(drawn(chart)),), table)


def _ranges(observation: Observation) -> list[_Range]:
    trainable = {parameter.layer: bool(parameter.optimizers) for parameter in observation.parameters if parameter.trainable}
    several = len({layer.network for layer in observation.layers}) > 1
    rows = []
    for number, layer in sorted(enumerate(observation.layers), key=lambda item: item[1].order or 0):
        if number in trainable:
            network = observation.networks[layer.network].kind if several and layer.network is not None else ""
            norms = tuple(norm for norm in layer.gradient_norms if 0 < norm < math.inf)
            rows.append(_Range(f"{network} {layer.name}".strip(), norms, trainable[number]))
    return rows


def gradient_at_logits(subject: Subject) -> Figure | None:
    """What the loss sends back to the logits, as a share of what a matching loss would send."""
    loss = subject.loss()
    if loss is None or not loss.attenuation:
        return None
    curve = Curve("", loss.attenuation)
    levels = [Level("a loss made for classes: 1", 1.0)]
    reading = (
        "How much gradient reaches the logits, over what the loss made for these classes would send there. "
        "A sound loss runs along the dashed line."
    )
    chart = step_chart("times the gradient of a matching loss", [curve], levels=levels)
    return Figure(f"logits {loss.place}", "Gradient at the logits", reading, (Panel(chart),), step_table([curve]))
