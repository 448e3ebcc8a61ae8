"""The figure of the labels: how often each class was seen."""

from typing import Any

from trainlint.probe.report.drawing import INK, MUTED, WIDTH, drawn
from trainlint.probe.report.figure import Figure, Panel, Table
from trainlint.probe.report.subject import Subject

_MOST = 20
_LABELS = 64
_SHARES = 96


def label_balance(subject: Subject) -> Figure | None:
    """A bar for each class, the most frequent first where there are many."""
    loss = subject.loss()
    if loss is None or len(loss.labels) < 2:
        return None
    numbered = sorted(loss.labels.items(), key=lambda item: int(item[0]))
    shown = numbered if len(numbered) <= _MOST else sorted(numbered, key=lambda item: -item[1])[:_MOST]
    total = sum(loss.labels.values())
    rows = [{"label": label, "count": count, "said": f"{count:,} · {count / total:.0%}"} for label, count in shown]
    y: dict[str, Any] = {"field": "label", "type": "nominal", "sort": None}
    y["axis"] = {"title": None, "minExtent": _LABELS, "maxExtent": _LABELS, "labelColor": INK, "labelExpr": "'class ' + datum.label"}
    x = {"field": "count", "type": "quantitative", "axis": None}
    chart = {
        "padding": {"left": 0, "top": 2, "bottom": 2, "right": _SHARES},
        "width": WIDTH - _LABELS - _SHARES,
        "height": {"step": 18},
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "bar", "color": INK, "opacity": 0.85, "height": 11}, "encoding": {"y": y, "x": x}},
            {"mark": {"type": "text", "align": "left", "dx": 5, "color": MUTED}, "encoding": {"y": y, "x": x, "text": {"field": "said"}}},
        ],
    }
    left_out = f" The {_MOST} most frequent of {len(numbered)} classes." if len(shown) < len(numbered) else ""
    reading = (
        "How often each class came up in the batches that were trained on; "
        f"a guess that knows nothing but this is right in {max(loss.labels.values()) / total:.0%}.{left_out}"
    )
    table = Table(("class", "seen", "share"), tuple((label, f"{count:,}", f"{count / total:.1%}") for label, count in numbered))
    return Figure("labels", "Labels", reading, (Panel(drawn(chart)),), table)
