"""A rule's documentation page, made from the rule itself."""

import textwrap
from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.reporting.terminal import Terminal
from trainlint.rule import Bad, Good, Rule


def page(rule: type[Rule], terminal: Terminal) -> str:
    """The page as it is read on a terminal, or as Markdown where there is none."""
    if terminal.width is None:
        return markdown(rule)
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=min(terminal.width, 110), force_terminal=terminal.colour, highlight=False)
    with console.capture() as captured:
        console.print(Markdown(markdown(rule), code_theme="ansi_dark", hyperlinks=terminal.colour))
    return captured.get()


def markdown(rule: type[Rule]) -> str:
    """The whole page: what the rule is, its documentation, its examples."""
    return "\n\n".join([f"# {rule.name} ({rule.code})", _facts(rule), rule.page(), "## Examples", *_examples(rule)]) + "\n"


def _facts(rule: type[Rule]) -> str:
    facts = [
        f"category {rule.category.value}",
        f"severity {rule.category.severity.name.lower()}",
        f"stage {rule.stage}",
        f"since {rule.since}",
    ]
    if rule.preview:
        facts.append("in preview: runs with --preview")
    if rule.category is Category.PEDANTIC:
        facts.append("runs when selected")
    facts += [f"option `{option}` = {default}" for option, default in rule.options.items()]
    return f"*{' · '.join(facts)}*"


def _examples(rule: type[Rule]) -> Iterator[str]:
    for example in rule.examples:
        yield f"{_introduction(example)}\n\n{_block(example.source)}"
        if isinstance(example, Bad) and example.fixed is not None:
            yield f"Fixed:\n\n{_block(example.fixed)}"


def _block(source: str) -> str:
    return "```python\n" + textwrap.dedent(source).strip("\n") + "\n```"


def _introduction(example: Bad | Good) -> str:
    if isinstance(example, Good):
        return f"Not reported, because {example.because}:"
    lowered = f", here as {example.category.value} ({example.category.severity.name.lower()})" if example.category else ""
    return f"Reported where it says `# <- here`{lowered}:"
