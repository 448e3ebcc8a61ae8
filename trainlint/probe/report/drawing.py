"""From a chart in Vega-Lite to a drawing inside the page: its text, its ink and its ground are those of the page's style."""

import math
from collections.abc import Mapping
from typing import Any

import vl_convert
from markupsafe import Markup

INK, MUTED, LINE, FAULTY, SOUND = (f"var(--{name})" for name in ("ink", "muted", "line", "confirmed", "sound"))
"""Colours by what they say; the style gives them a value for light and one for dark."""
WIDTH = 348
"""Pixels that a figure takes beside its finding; a phone shows as many."""
AXIS = 46
"""Pixels that are kept for what stands at the vertical axis."""

SHORT = (
    "datum.value != 0 && (abs(datum.value) >= 1e4 || abs(datum.value) < 1e-3)"
    " ? replace(format(datum.value, '.1~e'), '+', '') : format(datum.value, ',.6~g')"
)
"""How numbers at an axis are written, as an expression of Vega's: 0.003, 1,000, 1e4."""
HALO: Mapping[str, Any] = {"stroke": "var(--halo)", "strokeWidth": 4}
"""Keeps a text apart from the lines behind it."""

_CONFIG: Mapping[str, Any] = {
    "aria": False,
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "gridColor": LINE,
        "labelColor": MUTED,
        "labelFontSize": 11,
        "labelPadding": 6,
        "ticks": False,
        "titleColor": MUTED,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titlePadding": 6,
    },
    "axisX": {"grid": False},
    "axisY": {"minExtent": AXIS, "maxExtent": AXIS},
    "title": {"anchor": "start", "color": MUTED, "fontSize": 11, "fontWeight": "normal", "frame": "bounds", "offset": 8},
    "text": {"color": INK, "fontSize": 11},
}


def logarithmic_axis(low: float, high: float) -> dict[str, Any]:
    """Powers of ten between two positive numbers; where there are few of them, what lies in their middle as well."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    stride = max(1, math.ceil((last - first + 1) / 5))
    ticks = [10.0**power for power in range(first, last + 1, stride)]
    if len(ticks) < 3:
        ticks = [factor * 10.0**power for power in range(first - 1, last + 1) for factor in (1, 3)]
    return {"values": [tick for tick in ticks if low <= tick <= high], "labelExpr": SHORT}


def drawn(chart: Mapping[str, Any]) -> Markup:
    """The chart as SVG that scales down with its column."""
    svg = vl_convert.vegalite_to_svg({"padding": 2, **chart, "config": _CONFIG})
    return Markup(svg.replace('class="marks"', 'class="chart" aria-hidden="true"', 1))  # noqa: S704 - it was drawn here, of numbers and escaped text
