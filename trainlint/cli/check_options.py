"""What `trainlint check` can be told, and the settings that this makes."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainlint.settings.resolution import Resolution

LEVELS = ("error", "warning", "info")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Which rules run, and what their findings mean."""
    group = parser.add_argument_group("rules", "RULES are names, codes, prefixes of codes (TL3), categories or ALL, separated by commas.")
    rules: dict[str, Any] = {"metavar": "RULES", "action": "extend", "type": _words}
    group.add_argument("--select", help="run these rules only", **rules)
    group.add_argument("--ignore", help="do not run these rules; the more exact of two words wins", **rules)
    group.add_argument("--extend-select", help="run these rules as well", **rules)
    group.add_argument(
        "--per-file-ignores", metavar="PATTERN:RULES", action="append", type=_per_file, help="do not run rules in files of this pattern"
    )
    _flag(group, "--preview", "run the rules in preview as well")
    group.add_argument("--min-confidence", choices=("low", "medium", "high"), help="hide what is less sure than this (medium)")
    group.add_argument("--fail-on", choices=LEVELS, help="exit with 1 from this severity on (warning)")
    group.add_argument("--target-torch", metavar="VERSION", help="the version of PyTorch that the program is written for")


def add_configuration(parser: argparse.ArgumentParser) -> None:
    """Where settings come from, and which files they choose."""
    group = parser.add_argument_group("configuration")
    group.add_argument(
        "--config", metavar="PATH|'KEY=VALUE'", action="append", default=[], help="use this file, or set this one key; may be repeated"
    )
    group.add_argument("--isolated", action="store_true", help="read no configuration file")
    group.add_argument("--show-settings", action="store_true", help="print the settings that hold for the first file, and check nothing")
    group.add_argument("--show-files", action="store_true", help="print the files that would be checked, and check nothing")
    patterns: dict[str, Any] = {"metavar": "PATTERNS", "action": "extend", "type": _words}
    group.add_argument("--exclude", help="skip these files and folders, instead of those skipped by default", **patterns)
    group.add_argument("--extend-exclude", help="skip these as well", **patterns)
    _flag(group, "--force-exclude", "skip excluded files even where they are named")
    _flag(group, "--respect-gitignore", "skip what git ignores (on)")


def add_suppression(parser: argparse.ArgumentParser) -> None:
    """What becomes of suppression comments."""
    group = parser.add_argument_group("suppression")
    group.add_argument("--ignore-suppressions", action="store_true", help="show what comments suppress, too")
    group.add_argument(
        "--add-ignore", metavar="REASON", nargs="?", const="", help="write a comment that suppresses it beside everything that is found"
    )


def resolution_of(options: argparse.Namespace) -> "Resolution":
    """The settings that the options ask for, over those of the configuration files."""
    from trainlint.settings.resolution import Resolution

    given = {
        "select": options.select,
        "ignore": options.ignore,
        "extend-select": options.extend_select,
        "preview": options.preview,
        "min-confidence": options.min_confidence,
        "fail-on": options.fail_on,
        "target-torch": options.target_torch,
        "exclude": options.exclude,
        "extend-exclude": options.extend_exclude,
        "force-exclude": options.force_exclude,
        "respect-gitignore": options.respect_gitignore,
    }
    said = {key: value for key, value in given.items() if value is not None}
    overrides: dict[str, Any] = {}
    if said:
        from trainlint.settings.keys import read_keys

        overrides = read_keys(said, None)
    if options.per_file_ignores:
        overrides["per_file_ignores"] = tuple(options.per_file_ignores)
    return Resolution.of_command_line(options.config, isolated=options.isolated, **overrides)


def _flag(group: Any, name: str, text: str) -> None:
    """`--name` and `--no-name`; neither leaves it to the configuration."""
    group.add_argument(name, action="store_true", default=None, help=text)
    group.add_argument(f"--no-{name[2:]}", action="store_false", default=None, dest=name[2:].replace("-", "_"), help=argparse.SUPPRESS)


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _per_file(text: str) -> tuple[str, tuple[str, ...]]:
    pattern, colon, rules = text.rpartition(":")
    if not colon or not pattern or not _words(rules):
        raise argparse.ArgumentTypeError(f"`{text}` is not of the form PATTERN:RULES, such as `tests/*:TL5`")
    return pattern, tuple(_words(rules))
