"""Figures of what Dropout and BatchNorm do: outputs in both modes, and the variance behind a dropout."""

import math
from typing import Any

from trainlint.probe.report.drawing import FAULTY, INK, MUTED, SHORT, WIDTH, drawn
from trainlint.probe.report.figure import Figure, Panel, Table
from trainlint.probe.report.subject import Subject

_SQUARE = 250
_MOST_LAYERS = 8
_LABELS = 110
_RATIOS = 62


def outputs_by_mode(subject: Subject) -> Figure | None:
    """Each output on one batch, in evaluation mode and in training mode."""
    networks = subject.observation.networks
    place = subject.verdict.ruling.place if subject.verdict is not None else None
    meant = [networks[forward.network] for forward in subject.observation.forwards if forward.place == place] or list(networks)
    points = next((network.outputs_by_mode for network in meant if network.outputs_by_mode), ())
    if not points or all(one == other for one, other in points):
        return None
    edge = [min(min(pair) for pair in points), max(max(pair) for pair in points)]
    axis = {"grid": True, "tickCount": 4, "labelExpr": SHORT}
    scale = {"domain": edge, "zero": False, "nice": False}
    x: dict[str, Any] = {"field": "quiet", "type": "quantitative", "scale": scale, "axis": {**axis, "title": "output in evaluation mode"}}
    y: dict[str, Any] = {"field": "noisy", "type": "quantitative", "scale": scale, "axis": {**axis, "title": None}}
    rows = [{"quiet": quiet, "noisy": noisy} for quiet, noisy in points]
    diagonal = [{"quiet": value, "noisy": value} for value in edge]
    chart = {
        "title": "output in training mode",
        "width": _SQUARE,
        "height": _SQUARE * 3 // 4,
        "layer": [
            {
                "data": {"values": diagonal},
                "mark": {"type": "line", "color": MUTED, "strokeDash": [3, 3], "strokeWidth": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "point", "filled": True, "size": 22, "color": INK, "opacity": 0.6},
                "encoding": {"x": x, "y": y},
            },
        ],
    }
    reading = "One batch, twice, on the same weights: each point is one output in both modes. On the dashed line nothing would change."
    table = Table(("evaluation mode", "training mode"), tuple((f"{quiet:.4g}", f"{noisy:.4g}") for quiet, noisy in points[:40]))
    return Figure(f"modes {points[0]}", "Outputs in both modes", reading, (Panel(drawn(chart)),), table)


def variance_behind_dropout(subject: Subject) -> Figure | None:
    """The variance that each batch normalization reads with dropout on, over that with dropout off."""
    place = subject.verdict.ruling.place if subject.verdict is not None else None
    layers = [(layer, layer.dropout_variance_ratio) for layer in subject.observation.layers]
    ratios = [(layer.constructed == place, ratio, layer.name) for layer, ratio in layers if ratio is not None and ratio < math.inf]
    if not ratios:
        return None
    shown = sorted(ratios, reverse=True)[:_MOST_LAYERS]
    rows = [{"layer": name, "ratio": ratio, "said": f"× {ratio:.2f}", "own": own} for own, ratio, name in shown]
    y: dict[str, Any] = {"field": "layer", "type": "nominal", "sort": None}
    y["axis"] = {"title": None, "minExtent": _LABELS, "maxExtent": _LABELS, "labelLimit": _LABELS * 3 // 4, "labelColor": INK}
    most = max(2.0, *(ratio for _, ratio, _ in shown))
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, most]},
        "axis": {"title": "variance with dropout over without", "tickCount": 4, "labelExpr": SHORT},
    }
    colour = {"condition": {"test": "datum.own", "value": FAULTY}, "value": INK}
    chart = {
        "padding": {"left": 0, "top": 2, "bottom": 2, "right": _RATIOS},
        "width": WIDTH - _LABELS - _RATIOS,
        "height": {"step": 26},
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "bar", "height": 12, "opacity": 0.9}, "encoding": {"y": y, "x": {**x, "field": "ratio"}, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"y": y, "x": {**x, "field": "ratio"}, "text": {"field": "said"}, "color": colour},
            },
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 3]},
                "encoding": {"x": {**x, "datum": 1}},
            },
        ],
    }
    reading = (
        "Dropout scales what it keeps and so keeps the mean, not the variance: in evaluation, where it is off, "
        "the normalization meets a variance that it has never seen. The dashed line is sound."
    )
    table = Table(("layer", "ratio"), tuple((name, f"{ratio:.3g}") for _, ratio, name in ratios))
    return Figure("variance behind dropout", "Variance that reaches the normalization", reading, (Panel(drawn(chart)),), table)
