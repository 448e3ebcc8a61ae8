"""Which settings hold for which file: the closest configuration, under what the command line says."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from trainlint.settings.files import closest, parse_toml, read_file
from trainlint.settings.problem import SettingsError
from trainlint.settings.values import Settings


class Resolution:
    """Finds the settings for a file, each configuration file read once.

    `overrides` are fields of `Settings` that the command line sets. `fixed` is the one configuration to use for every file;
    with `isolated` none is used.
    """

    def __init__(self, overrides: "dict[str, Any] | None" = None, *, fixed: Path | None = None, isolated: bool = False) -> None:
        self._overrides = overrides or {}
        self._of_folder: dict[Path, Settings] = {}
        self._of_source: dict[Path | None, Settings] = {}
        self._fixed = fixed
        self._isolated = isolated

    @classmethod
    def of_command_line(cls, configs: Iterable[str] = (), *, isolated: bool = False, **overrides: Any) -> "Resolution":
        """What `--config`, `--isolated` and other options ask for; an override that is None is not given."""
        fixed: Path | None = None
        inline: dict[str, Any] = {}
        for config in configs:
            if "=" in config and not Path(config).is_file():
                inline.update(_inline(config))
            elif fixed is not None:
                raise SettingsError("`--config` names more than one file; what several share can be put into one with `extend`")
            elif not Path(config).is_file():
                raise SettingsError(f"`--config` names `{config}`, which is neither a file nor a `key = value`")
            else:
                fixed = Path(config).resolve()
        if fixed is not None and isolated:
            raise SettingsError("`--isolated` ignores all configuration files, and `--config` names one")
        return cls({**inline, **{key: value for key, value in overrides.items() if value is not None}}, fixed=fixed, isolated=isolated)

    def of_file(self, path: Path) -> Settings:
        """The settings for a file."""
        return self.of_folder(path.parent)

    def of_folder(self, folder: Path) -> Settings:
        """The settings for the files in a folder."""
        settings = self._of_folder.get(folder)
        if settings is None:
            source = None if self._isolated else self._fixed or closest(folder)
            if source not in self._of_source:
                self._of_source[source] = self._read(source)
            settings = self._of_folder[folder] = self._of_source[source]
        return settings

    def _read(self, source: Path | None) -> Settings:
        fields, files = ({}, ()) if source is None else read_file(source)
        root = Path.cwd() if source is None or source == self._fixed else source.parent
        given = dict(self._overrides)
        for key in ("extend_select", "extend_exclude", "per_file_ignores"):
            if key in given:
                given[key] = (*fields.get(key, ()), *given[key])
        if "ignore" in given and not ("select" in given and "select" in fields):
            given["ignore"] = (*fields.get("ignore", ()), *given["ignore"])
        elif "select" in given and "select" in fields:
            given.setdefault("ignore", ())
        if "rules" in given:
            given["rules"] = {**fields.get("rules", {}), **given["rules"]}
        return replace(Settings(root, source, files), **{**fields, **given})


def _inline(config: str) -> dict[str, Any]:
    """The fields that `--config 'key = value'` sets."""
    from trainlint.settings.keys import read_keys

    try:
        table = parse_toml(config)
    except ValueError:
        raise SettingsError(f'`--config {config}` is neither a file nor TOML such as `fail-on = "error"`') from None
    return read_keys(table, None)
