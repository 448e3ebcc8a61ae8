"""Charts over optimizer steps: lines with their names at their ends, and levels to compare them with."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from trainlint.probe.report.drawing import AXIS, HALO, INK, LINE, MUTED, SHORT, WIDTH, drawn, logarithmic_axis
from trainlint.probe.report.figure import Table
from trainlint.verdicts import number

HEIGHT = 180
NAMES = 74
"""Pixels that are kept for names at the end of lines."""
DECADES = 1.5
"""From how many powers of ten on an axis is logarithmic."""
_GAP = 27
"""Pixels between two names of two rows."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A value at each of some steps."""

    name: str
    values: tuple[float, ...]
    colour: str = INK
    steps: tuple[int, ...] = ()
    """Counted from 0; empty where there is a value at every step."""

    def points(self) -> Iterable[tuple[int, float]]:
        """Step, from 1, and value."""
        return zip((step + 1 for step in self.steps) if self.steps else range(1, len(self.values) + 1), self.values, strict=False)

    @property
    def last(self) -> float:
        """The last value, which need not be finite."""
        return self.values[-1] if self.values else math.nan


@dataclass(frozen=True, slots=True)
class Level:
    """A value to compare with, or a range of them where `until` is given."""

    name: str
    value: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that is named."""

    name: str
    step: int
    """From 0."""
    value: float
    colour: str


def step_chart(
    title: str,
    curves: Sequence[Curve],
    *,
    levels: Sequence[Level] = (),
    marks: Sequence[Mark] = (),
    width: int = WIDTH,
    height: int = HEIGHT,
    zero: bool = True,
) -> Markup:
    """The lines, drawn. What is not finite runs along the top, dotted, behind a cross. `zero`: a linear axis begins at 0."""
    scale = _Scale.of([*_finite(curves), *(mark.value for mark in marks)], levels, height, zero=zero)
    last = max((step for curve in curves for step, _ in curve.points()), default=1)
    named = [curve for curve in curves if curve.name]
    right = NAMES if named else 10
    plot = width - AXIS - right
    x = {"field": "step", "type": "quantitative", "scale": {"domain": [1, max(last, 2)], "nice": False}}
    x["axis"] = {"title": "optimizer step", "values": _steps(last), "format": "d"}
    y = {"field": "value", "type": "quantitative", "scale": scale.vega, "axis": {"title": None, **scale.axis}}
    compared = [_level(level, scale, plot) for level in levels]
    layers = [shape for shape, _ in compared]
    for curve in curves:
        layers += [*_line(curve, x, y), *_lost(curve, x)]
    layers += [name for _, name in compared]
    places = spread_apart([scale.pixel(curve.last) for curve in named], _GAP, height)
    for curve, place in zip(named, places, strict=True):
        layers.append(_name(curve, place, plot))
    for mark in marks:
        layers += _mark(mark, x, y, last)
    padding = {"left": 0, "top": 2, "bottom": 2, "right": right}
    return drawn({"title": title, "width": plot, "height": height, "padding": padding, "layer": layers})


def step_table(curves: Sequence[Curve], first: str = "step") -> Table:
    """The numbers of the curves, step by step."""
    columns = [dict(curve.points()) for curve in curves]
    steps = sorted({step for column in columns for step in column})
    rows = tuple((str(step), *(number(column[step]) if step in column else "" for column in columns)) for step in steps)
    return Table((first, *(curve.name or "value" for curve in curves)), rows)


def spread_apart(places: Sequence[float], gap: float, height: float) -> list[float]:
    """The places, moved so that no two are closer than `gap`, in their order, and within the height as far as there is room."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = [min(max(place, 0.0), height) if math.isfinite(place) else 0.0 for place in places]
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    below = height
    for index in reversed(order):
        moved[index] = min(moved[index], below)
        below = moved[index] - gap
    return moved


@dataclass(frozen=True, slots=True)
class _Scale:
    """A vertical axis."""

    low: float
    high: float
    logarithmic: bool
    height: int

    @classmethod
    def of(cls, values: Sequence[float], levels: Sequence[Level], height: int, *, zero: bool) -> "_Scale":
        seen = [*values, *(edge for level in levels for edge in (level.value, level.until) if edge is not None)] or [0.0, 1.0]
        low, high = min(seen), max(seen)
        if low > 0 and math.log10(high / low) >= DECADES:
            return cls(low / 1.25, high * 1.25, logarithmic=True, height=height)
        low = min(low, 0.0) if zero else low
        room = (high - low or abs(high) or 1.0) * 0.04
        return cls(low - room, high + room, logarithmic=False, height=height)

    @property
    def vega(self) -> dict[str, Any]:
        return {"type": "log" if self.logarithmic else "linear", "domain": [self.low, self.high], "nice": False, "zero": False}

    @property
    def axis(self) -> dict[str, Any]:
        if not self.logarithmic:
            return {"labelExpr": SHORT, "tickCount": 4}
        return logarithmic_axis(self.low, self.high)

    def pixel(self, value: float) -> float:
        """From the top."""
        if not math.isfinite(value):
            return 0.0
        if self.logarithmic:
            share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.height * (1 - share)


def _finite(curves: Iterable[Curve]) -> list[float]:
    return [value for curve in curves for value in curve.values if math.isfinite(value)]


def _steps(last: int) -> list[int]:
    stride = next((stride for stride in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000) if last / stride <= 5), last)
    return [1, *range(stride if stride > 1 else 2, last + 1, stride)]


def _line(curve: Curve, x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    """The line through what can be shown on the axis, and a dot where nothing stands on either side."""
    shown = [
        (step, value if math.isfinite(value) and (value > 0 or y["scale"]["type"] != "log") else None) for step, value in curve.points()
    ]
    rows = [{"step": step, "value": value} for step, value in shown]
    mark = {"type": "line", "color": curve.colour, "strokeWidth": 2, "strokeJoin": "round", "clip": True}
    values = [None, *(value for _, value in shown), None]
    alone = [row for row, before, after in zip(rows, values, values[2:], strict=False) if before is None and after is None]
    dots = rows if curve.steps else alone
    point = {"type": "point", "filled": True, "size": 26, "color": curve.colour, "opacity": 1}
    encoding = {"x": x, "y": y}
    return [{"data": {"values": rows}, "mark": mark, "encoding": encoding}, {"data": {"values": dots}, "mark": point, "encoding": encoding}]


def _lost(curve: Curve, x: dict[str, Any]) -> list[dict[str, Any]]:
    """Each stretch of steps whose values are not finite."""
    stretches: list[list[int]] = []
    for step, value in curve.points():
        if math.isfinite(value):
            continue
        if stretches and stretches[-1][1] == step - 1:
            stretches[-1][1] = step
        else:
            stretches.append([step, step])
    if not stretches:
        return []
    data = {"values": [{"step": first, "last": last} for first, last in stretches]}
    top = {"value": 4}
    dots = {"type": "rule", "color": curve.colour, "strokeWidth": 2, "strokeDash": [1, 4], "strokeCap": "round"}
    cross = {"type": "point", "shape": "cross", "angle": 45, "filled": True, "size": 60, "color": curve.colour, "opacity": 1}
    return [
        {"data": data, "mark": dots, "encoding": {"x": x, "x2": {"field": "last"}, "y": top}},
        {"data": data, "mark": cross, "encoding": {"x": x, "y": top}},
    ]


def _name(curve: Curve, place: float, plot: int) -> dict[str, Any]:
    text = [*curve.name.split("\n"), f"{curve.last:.3g}" if math.isfinite(curve.last) else "not finite"]
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "color": curve.colour, "fontWeight": 600, "text": text}
    return {"data": {"values": [{}]}, "mark": {**mark, "lineHeight": 13}, "encoding": {"x": {"value": plot}, "y": {"value": place - 6}}}


def _level(level: Level, scale: _Scale, plot: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The shape that lies under the lines, and its name, which lies over them."""
    top = scale.pixel(level.value if level.until is None else max(level.value, level.until))
    data: dict[str, Any] = {"values": [{}]}
    if level.until is None:
        mark: dict[str, Any] = {"type": "rule", "color": MUTED, "strokeDash": [3, 3]}
        edges = {"y": {"value": top}, "x": {"value": 0}, "x2": {"value": plot}}
    else:
        mark = {"type": "rect", "color": LINE, "opacity": 0.7}
        bottom = scale.pixel(min(level.value, level.until))
        edges = {"x": {"value": 0}, "x2": {"value": plot}, "y": {"value": top}, "y2": {"value": bottom}}
    above = top > 14 and level.until is None
    text = {"type": "text", "align": "right", "baseline": "bottom" if above else "top", "dy": -4 if above else 5, "dx": -4, "color": MUTED}
    name = {
        "data": data,
        "mark": {**text, "text": level.name, **(HALO if level.until is None else {})},
        "encoding": {"x": {"value": plot}, "y": {"value": top}},
    }
    return {"data": data, "mark": mark, "encoding": edges}, name


def _mark(mark: Mark, x: dict[str, Any], y: dict[str, Any], last: int) -> list[dict[str, Any]]:
    data = {"values": [{"step": mark.step + 1, "value": mark.value}]}
    left = mark.step > last / 2
    text = {"type": "text", "align": "right" if left else "left", "dx": -8 if left else 8, "color": mark.colour, "text": mark.name, **HALO}
    return [
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 60, "color": mark.colour, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {"data": data, "mark": {**text, "fontWeight": 600}, "encoding": {"x": x, "y": y}},
    ]
