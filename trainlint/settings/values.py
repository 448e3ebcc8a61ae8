"""The settings that hold for a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trainlint.findings import Confidence, Severity

Option = bool | int | float | str
"""The value of an option of a rule."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, as one configuration file and the command line say together.

    Rules are named by code, prefix of codes, name, category or `ALL`; patterns are those of `.gitignore`, relative to `root`.
    """

    root: Path
    """The folder of the configuration file; the current folder where there is none."""
    source: Path | None = None
    """The configuration file."""
    sources: tuple[Path, ...] = ()
    """It and those that it extends."""
    select: tuple[str, ...] = ()
    """Nothing selected means every rule but the pedantic ones."""
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Patterns of files, with the rules that are silent in them."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Rules whose findings are more or less severe than their category says."""
    preview: bool = False
    exclude: tuple[str, ...] | None = None
    """None means what is skipped by default."""
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    """Exclude files that were named, too."""
    respect_gitignore: bool = True
    fail_on: Severity = Severity.WARNING
    """The least severity that makes the exit status 1."""
    min_confidence: Confidence = Confidence.MEDIUM
    """The least confidence that is shown."""
    target_torch: tuple[int, int] | None = None
    """The version of PyTorch that the program is written for."""
    rules: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    """Options of rules, by the rule's name."""

    @property
    def names_rules(self) -> bool:
        """Whether there is anything in it that may misspell a rule."""
        return bool(self.select or self.ignore or self.extend_select or self.per_file_ignores or self.severity or self.rules)

    def shown(self) -> "dict[str, object]":
        """The settings as they are written in a configuration file, with the defaults filled in."""
        return {
            "select": list(self.select),
            "ignore": list(self.ignore),
            "extend-select": list(self.extend_select),
            "per-file-ignores": {pattern: list(rules) for pattern, rules in self.per_file_ignores},
            "severity": {rule: severity.name.lower() for rule, severity in self.severity},
            "preview": self.preview,
            "exclude": None if self.exclude is None else list(self.exclude),
            "extend-exclude": list(self.extend_exclude),
            "force-exclude": self.force_exclude,
            "respect-gitignore": self.respect_gitignore,
            "fail-on": self.fail_on.name.lower(),
            "min-confidence": self.min_confidence.name.lower(),
            "target-torch": None if self.target_torch is None else ".".join(map(str, self.target_torch)),
            "rules": {rule: dict(options) for rule, options in self.rules.items()},
        }
