"""Figures of values: what comes into a network, what its layers make of it, what reaches the loss."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from markupsafe import Markup

from trainlint.observations import Histogram, Input, Spread
from trainlint.probe.report.drawing import INK, LINE, MUTED, SHORT, WIDTH, drawn
from trainlint.probe.report.figure import Figure, Panel, Table
from trainlint.probe.report.subject import Subject
from trainlint.verdicts import number

_MOST_LAYERS = 12
_SMALL = 168


def inputs(subject: Subject) -> Figure | None:
    """What meets the first weighted layer of each trained network."""
    entries = [entry for entry, _ in subject.observation.training_inputs() if entry.spread.histogram is not None]
    if not entries:
        return None
    panels = tuple(Panel(_histogram(entry.spread, (-1.0, 1.0), "−1 to 1"), _caption(entry)) for entry in entries[:3])
    reading = "The share of values at each size. First weights are drawn for inputs around 0 with a spread of about 1: the shaded band."
    table = _table([(f"into {entry.layer}", entry.spread) for entry in entries])
    return Figure("inputs", "What the first layer reads", reading, panels, table)


def loss_inputs(subject: Subject) -> Figure | None:
    """What reaches the loss that the verdict is about, against the interval of probabilities."""
    loss = subject.loss()
    if loss is None or loss.input.histogram is None:
        return None
    reading = "The values that reach the loss. Probabilities lie in the shaded band, from 0 to 1; logits lie anywhere."
    panel = Panel(_histogram(loss.input, (0.0, 1.0), "0 to 1"), f"into {loss.function}")
    return Figure(f"loss inputs {loss.place}", "What reaches the loss", reading, (panel,), _table([(f"into {loss.function}", loss.input)]))


def activations(subject: Subject) -> Figure | None:
    """What the layers make, in the order in which they are called."""
    layers = [layer for layer in subject.observation.layers if layer.outputs is not None and layer.outputs.histogram is not None]
    layers.sort(key=lambda layer: layer.order or 0)
    if not layers:
        return None
    shown = (
        layers if len(layers) <= _MOST_LAYERS else [layers[round(i * (len(layers) - 1) / (_MOST_LAYERS - 1))] for i in range(_MOST_LAYERS)]
    )
    panels = tuple(
        Panel(_histogram(layer.outputs, width=_SMALL, height=56), f"{layer.name} · {layer.kind}") for layer in shown if layer.outputs
    )
    left_out = f" {len(layers) - len(shown)} of {len(layers)} layers are left out here." if len(shown) < len(layers) else ""
    reading = (
        "The share of outputs of each layer at each size, in the order of the calls. A single tall bar is a layer that says the same "
        f"to everything. The outermost thousandth at either end is not drawn.{left_out}"
    )
    table = _table([(layer.name, layer.outputs) for layer in layers if layer.outputs])
    return Figure("activations", "What the layers make", reading, panels, table, small=True)


def _caption(entry: Input) -> str:
    spread = entry.spread
    low, high, mean, std = map(number, (spread.minimum, spread.maximum, spread.mean, spread.std))
    return f"into {entry.layer}: {low} to {high}, mean {mean}, standard deviation {std}"


def _histogram(
    spread: Spread | None, band: tuple[float, float] | None = None, named: str = "", width: int = WIDTH, height: int = 120
) -> Markup:
    assert spread is not None
    assert spread.histogram is not None
    rows = _bars(spread.histogram)
    low, high = rows[0]["from"], rows[-1]["to"]
    if band is not None:
        low, high = min(low, band[0]), max(high, band[1])
    x = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False}}
    axis = {"title": None, "tickCount": 5 if width == WIDTH else 3, "labelExpr": SHORT}
    y = {"field": "share", "type": "quantitative", "scale": {"zero": True}, "axis": None}
    layers: list[dict[str, Any]] = []
    if band is not None:
        edges = {"x": {**x, "datum": band[0], "axis": axis}, "x2": {"datum": band[1]}, "y": {"value": 0}, "y2": {"value": height}}
        layers.append({"data": {"values": [{}]}, "mark": {"type": "rect", "color": LINE}, "encoding": edges})
        wide = (band[1] - band[0]) / (high - low) > 0.3
        text = {
            "type": "text",
            "align": "center" if wide else "left",
            "baseline": "bottom",
            "dx": 0 if wide else 2,
            "dy": -3,
            "color": MUTED,
        }
        middle = {"x": {**x, "datum": sum(band) / 2 if wide else band[0], "axis": axis}, "y": {"value": 0}}
        layers.append({"data": {"values": [{}]}, "mark": {**text, "text": named}, "encoding": middle})
    encoding = {"x": {**x, "field": "from", "axis": axis}, "x2": {"field": "to"}, "y": y, "y2": {"datum": 0}}
    layers.append({"data": {"values": rows}, "mark": {"type": "rect", "color": INK, "opacity": 0.85}, "encoding": encoding})
    return drawn(
        {
            "width": width - 24,
            "height": height,
            "layer": layers,
            "padding": {"left": 12, "right": 12, "top": 16 if named else 4, "bottom": 2},
        }
    )


def _bars(histogram: Histogram) -> list[dict[str, float]]:
    """Each bin with its share, without the outermost thousandth of the values at either end."""
    counts = list(histogram.counts)
    width, total = (histogram.end - histogram.start) / len(counts), sum(counts) or 1
    below = list(accumulate(counts))
    first = next((number for number, count in enumerate(below) if count > total / 1000), 0)
    last = next((number for number, count in enumerate(below) if count >= total - total / 1000), len(counts) - 1)
    return [
        {"from": histogram.start + width * number, "to": histogram.start + width * (number + 1), "share": counts[number] / total}
        for number in range(first, max(first, last) + 1)
    ]


def _table(spreads: Sequence[tuple[str, Spread]]) -> Table:
    rows = tuple(
        (name, *(number(value) for value in (spread.minimum, spread.mean, spread.std, spread.maximum))) for name, spread in spreads
    )
    return Table(("", "smallest", "mean", "standard deviation", "largest"), rows)
