"""Configuration files: which one holds for a folder, and what it says."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainlint.settings.problem import SettingsError, problem

if TYPE_CHECKING:
    from trainlint.settings.keys import Table

FILE_NAMES = (".trainlint.toml", "trainlint.toml", "pyproject.toml")
"""In this order in each folder; a `pyproject.toml` without `[tool.trainlint]` is none."""

_SECTION = b"trainlint"


def closest(folder: Path) -> Path | None:
    """The configuration file that holds for a folder: its own, or that of the nearest folder above."""
    for parent in (folder, *folder.parents):
        for name in FILE_NAMES:
            path = parent / name
            if os.path.isfile(path) and is_configuration(path):  # noqa: PTH113 - asked for every folder
                return path
    return None


def is_configuration(path: Path) -> bool:
    """Whether a file says anything to trainlint; what lacks the very word is not parsed for that."""
    if path.name != "pyproject.toml":
        return True
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return _SECTION in data and "trainlint" in _parsed(path, data).get("tool", {})


def read_file(path: Path, seen: tuple[Path, ...] = ()) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """The fields that a file sets, over those of the file that it extends; and the files, the extended one last."""
    from trainlint.settings.keys import read_keys

    if path in seen:
        raise problem(f"the configuration extends itself by way of `{seen[-1].name}`", path, "extend")
    table = table_in(path)
    fields, files = read_keys(table, path), (path,)
    if "extend" not in table:
        return fields, files
    if not isinstance(table["extend"], str):
        raise problem("`extend` is the path of a configuration file", path, "extend")
    base = Path(os.path.normpath(path.parent / Path(table["extend"]).expanduser()))
    if not base.is_file():
        raise problem(f"`extend` names `{table['extend']}`, which is no file", path, "extend")
    inherited, more = read_file(base, (*seen, path))
    for key in ("extend_select", "extend_exclude"):
        if key in inherited and key in fields:
            fields[key] = (*inherited[key], *fields[key])
    if "rules" in inherited and "rules" in fields:
        fields["rules"] = {**inherited["rules"], **fields["rules"]}
    return {**inherited, **fields}, (*files, *more)


def table_in(path: Path) -> "Table":
    """What a file says to trainlint."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"the configuration `{path}` cannot be read: {error.strerror}") from None
    table = _parsed(path, data)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("trainlint", {})
    if not isinstance(table, dict):
        raise problem("`tool.trainlint` is a table", path, "trainlint")
    return table


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return parse_toml(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: the configuration is not valid UTF-8") from None
    except ValueError as error:
        message = str(error)
        place, _, row = message.partition(" (at line ")
        raise SettingsError(f"{path}:{row.partition(',')[0] or 1}: {place[:1].lower()}{place[1:]}") from None


def parse_toml(text: str) -> dict[str, Any]:
    """A TOML text; a `ValueError` says what is wrong with it."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)
