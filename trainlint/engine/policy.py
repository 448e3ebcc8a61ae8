"""What the settings make of findings: which rules are asked about which file, and which of their answers are shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.engine.patterns import Patterns
from trainlint.engine.selection import Selection, exactness, matching
from trainlint.engine.usage import UsageError
from trainlint.findings import Finding
from trainlint.settings.problem import nearest, problem
from trainlint.settings.resolution import Resolution
from trainlint.settings.values import Settings

if TYPE_CHECKING:
    from trainlint.rule import Rule


class Policy:
    """The settings of the files of one check, read as questions to rules and as judgements on findings."""

    def __init__(self, resolution: Resolution, paths: Iterable[Path]) -> None:
        """`paths` are the files that were asked for: a finding elsewhere is shown only at its evidence in one of them."""
        self.paths = frozenset(paths)
        shared: dict[int, tuple[_FilePolicy, set[Path]]] = {}  # many files have the same settings
        for path in self.paths:
            settings = resolution.of_file(path)
            shared.setdefault(id(settings), (_FilePolicy(settings), set()))[1].add(path)
        self._groups = tuple(shared.values())
        self._of_file = {path: policy for policy, paths in self._groups for path in paths}

    def validate(self) -> None:
        """Raises the first mistake that a configuration holds in its names of rules and their options."""
        for policy, _ in self._groups:
            policy.validate()

    @cached_property
    def rules(self) -> "tuple[type[Rule], ...]":
        """The rules that run for any of the files, in the order of their codes."""
        return tuple(sorted({rule for policy, _ in self._groups for rule in policy.rules}, key=lambda rule: rule.code))

    def asked(self, rule: "type[Rule]") -> "Iterator[tuple[Rule, frozenset[Path]]]":
        """The rule with the options that hold for some of the files, and those files."""
        asked: dict[object, tuple[Rule, set[Path]]] = {}
        for policy, paths in self._groups:
            if rule in policy.rules:
                options = policy.settings.rules.get(rule.name, {})
                key = (tuple(sorted(options.items())), policy.settings.target_torch)
                asked.setdefault(key, (rule(options, policy.settings.target_torch), set()))[1].update(paths)
        for instance, files in asked.values():
            yield instance, frozenset(files)

    def runs(self, path: Path, rule: "type[Rule]") -> bool:
        """Whether the findings of a rule in a file are wanted."""
        return path in self._of_file and self._of_file[path].wants(rule, path)

    def place(self, finding: Finding) -> Path | None:
        """The file whose settings decide on a finding: where it stands, or else the first of its evidence that was asked for."""
        places = (finding.span, *(evidence.span for evidence in finding.evidence))
        return next((place.path for place in places if place.path in self.paths), None)

    def shown(self, finding: Finding) -> Finding | None:
        """The finding with the severity that the settings give it; None where they do not want it."""
        path = self.place(finding)
        return None if path is None else self._of_file[path].shown(finding, path)


@dataclass
class _FilePolicy:
    """One configuration's view."""

    settings: Settings

    @cached_property
    def rules(self) -> "frozenset[type[Rule]]":
        return frozenset(Selection.of(self.settings).rules())

    @cached_property
    def _ignores(self) -> "tuple[tuple[Patterns, tuple[str, ...]], ...]":
        return tuple((Patterns(self.settings.root, (pattern,)), rules) for pattern, rules in self.settings.per_file_ignores)

    def wants(self, rule: "type[Rule]", path: Path) -> bool:
        ignored = any(patterns.match(path) and any(exactness(word, rule) for word in rules) for patterns, rules in self._ignores)
        return rule in self.rules and not ignored

    def shown(self, finding: Finding, path: Path) -> Finding | None:
        from trainlint.engine.catalogue import find

        rule = find(finding.code)
        if not self.wants(rule, path) or finding.confidence < self.settings.min_confidence:
            return None
        chosen = max(((exactness(word, rule), severity) for word, severity in self.settings.severity), default=(0, None))
        return replace(finding, severity_set=chosen[1]) if chosen[0] else finding

    def validate(self) -> None:
        settings = self.settings
        for key, selectors in (
            ("select", settings.select),
            ("ignore", settings.ignore),
            ("extend-select", settings.extend_select),
            ("per-file-ignores", tuple(rule for _, rules in settings.per_file_ignores for rule in rules)),
            ("severity", tuple(rule for rule, _ in settings.severity)),
        ):
            for selector in selectors:
                self._validate_selector(key, selector)
        if settings.select:
            _ = self.rules
        for rule, options in settings.rules.items():
            self._validate_options(rule, options)

    def _validate_selector(self, key: str, selector: str) -> None:
        try:
            matching(selector)
        except UsageError as error:
            raise problem(str(error), self._holder(selector), key, selector) from None

    def _validate_options(self, name: str, options: "Iterable[str]") -> None:
        from trainlint.engine.catalogue import find

        try:
            rule = find(name)
        except UsageError as error:
            raise problem(str(error), self._holder(name), name) from None
        for option in options:
            source = self._holder(option)
            if option not in rule.options:
                hint = nearest(option, sorted(rule.options)) if rule.options else "it has none"
                raise problem(f"`{rule.name}` has no option `{option}`; {hint}", source, name, option)
            default, given = rule.options[option], self.settings.rules[name][option]
            if not isinstance(given, float | int if isinstance(default, float) else type(default)) or isinstance(given, bool) != isinstance(
                default, bool
            ):
                raise problem(f"`{option}` of `{rule.name}` is of the kind of `{default}`, not `{given}`", source, name, option)

    def _holder(self, word: str) -> Path | None:
        """The configuration file that holds a word, which may be one that is extended; None where the command line does."""
        for source in self.settings.sources:
            if word in source.read_text(encoding="utf-8", errors="replace"):
                return source
        return None
