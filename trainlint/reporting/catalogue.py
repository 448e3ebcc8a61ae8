"""All rules in a table."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from trainlint.findings import Category
from trainlint.reporting.terminal import Terminal
from trainlint.rule import Rule


def catalogue(rules: Iterable[type[Rule]], terminal: Terminal) -> Iterator[str]:
    """The rules under the names of their stages: code, name, severity and summary."""
    rules = tuple(rules)
    widest = max((len(rule.name) for rule in rules), default=0)
    for stage, members in groupby(rules, key=lambda rule: rule.stage):
        yield terminal.paint(stage, "bold")
        for rule in members:
            columns = f"  {rule.code}  {rule.name:<{widest}}  {_when(rule):<16}  "
            yield columns + terminal.crop(rule.summary(), indent=len(columns))
        yield ""
    yield f"{len(rules)} rules. `trainlint rule NAME` explains one."


def _when(rule: type[Rule]) -> str:
    severity = rule.category.severity.name.lower()
    return f"{severity}, preview" if rule.preview else f"{severity}, off" if rule.category is Category.PEDANTIC else severity
