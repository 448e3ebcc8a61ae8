"""trainlint finds the mistakes in deep-learning training code that never crash.

    import trainlint

    report = trainlint.check_paths(["train.py"])
    for finding in report.findings:
        print(finding.span.start.row, finding.name, finding.message)

Importing this module loads nothing else: the linter is loaded by the first call.
"""

from trainlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from trainlint.engine.report import Report

__all__ = ["__version__", "check_paths", "check_text", "explain"]


def check_paths(
    paths: "Iterable[str | os.PathLike[str]]",
    *,
    select: "Iterable[str] | None" = None,
    ignore: "Iterable[str] | None" = None,
    preview: bool | None = None,
) -> "Report":
    """What the rules find in these files and folders, under the settings of the configuration files that hold for them.

    `select` and `ignore` take rule names, codes, prefixes of codes and categories, as they do on the command line.
    """
    from trainlint.engine.analysis import check
    from trainlint.settings.resolution import Resolution

    chosen = {"select": select and tuple(select), "ignore": ignore and tuple(ignore), "preview": preview}
    return check(paths, resolution=Resolution({name: given for name, given in chosen.items() if given is not None}))


def check_text(text: str, *, select: "Iterable[str]" = (), ignore: "Iterable[str]" = (), preview: bool = False) -> "Report":
    """What the rules find in a program that is in no file; its spans have the path `<text>`."""
    from trainlint.engine.selection import Selection
    from trainlint.engine.text import check_text as check

    return check(text, Selection(tuple(select), tuple(ignore), preview=preview))


def explain(code_or_name: str) -> str:
    """The documentation page of a rule, in Markdown."""
    from trainlint.engine.catalogue import find
    from trainlint.reporting.page import markdown

    return markdown(find(code_or_name))
