"""The keys of a configuration: what each may hold, and what it means."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from trainlint.findings import Confidence, Severity
from trainlint.settings.problem import nearest, problem
from trainlint.settings.values import Option

E = TypeVar("E", Severity, Confidence)

Table = Mapping[str, Any]
"""What a configuration file holds, before it is read."""


class Unfit(Exception):
    """A value that its key cannot hold; the message completes "`key` …", `word` is the part of the value that is wrong."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


def read_keys(table: Table, source: Path | None) -> dict[str, Any]:
    """The fields of `Settings` that a table sets; `extend` is left to whoever reads files."""
    fields: dict[str, Any] = {}
    for key, value in table.items():
        if key == "extend":
            continue
        name = key.replace("_", "-")
        if name not in KEYS:
            raise problem(f"unknown setting `{key}`; {nearest(name, sorted([*KEYS, 'extend']))}", source, key)
        try:
            fields[name.replace("-", "_")] = KEYS[name](value)
        except Unfit as error:
            raise problem(f"`{key}` {error}", source, key, *([error.word] if error.word else [])) from None
    return fields


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise Unfit(f"is a list of texts, not {_kind(value)}")
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise Unfit(f"is a list of texts, and holds {_kind(item)}", str(item))
    return tuple(item.strip() for item in value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"is true or false, not {_kind(value)}")
    return value


def _level(levels: type[E]) -> Callable[[Any], E]:
    names = [level.name.lower() for level in levels]

    def read(value: Any) -> E:
        if not isinstance(value, str) or value.lower() not in names:
            raise Unfit(f"is one of {', '.join(names)}, not {_kind(value)}", str(value))
        return levels[value.upper()]

    return read


def _per_file(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((pattern, _words(rules)) for pattern, rules in _table(value).items())


def _severities(value: Any) -> tuple[tuple[str, Severity], ...]:
    level = _level(Severity)
    return tuple((rule, level(severity)) for rule, severity in _table(value).items())


def _torch(value: Any) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)(?:\.\d+)?", value) if isinstance(value, str) else None
    if match is None:
        raise Unfit(f'is a version such as "2.1", not {_kind(value)}', str(value))
    return int(match[1]), int(match[2])


def _rules(value: Any) -> dict[str, dict[str, Option]]:
    options = {rule: dict(_table(given)) for rule, given in _table(value).items()}
    for rule, given in options.items():
        for option, content in given.items():
            if not isinstance(content, Option):
                raise Unfit(f"holds {_kind(content)} for the option `{option}` of `{rule}`", option)
    return options


def _table(value: Any) -> Table:
    if not isinstance(value, Mapping):
        raise Unfit(f"is a table, not {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if isinstance(value, str | int | float) else "a table" if isinstance(value, Mapping) else "a list"


KEYS: Mapping[str, Callable[[Any], Any]] = {
    "select": _words,
    "ignore": _words,
    "extend-select": _words,
    "per-file-ignores": _per_file,
    "severity": _severities,
    "preview": _flag,
    "exclude": _words,
    "extend-exclude": _words,
    "force-exclude": _flag,
    "respect-gitignore": _flag,
    "fail-on": _level(Severity),
    "min-confidence": _level(Confidence),
    "target-torch": _torch,
    "rules": _rules,
}
"""What reads the value of each key."""
