"""A rule's page and the catalogue."""

import textwrap

import pytest

from trainlint.engine.catalogue import all_rules, find
from trainlint.reporting.catalogue import catalogue
from trainlint.reporting.page import markdown, page
from trainlint.reporting.terminal import Terminal
from trainlint.rule import SECTIONS, Rule


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in all_rules()])
def test_a_page_holds_everything_that_the_rule_says(rule: type[Rule]) -> None:
    """Name, code, category, severity, every section and every example are on the page."""
    text = markdown(rule)
    assert text.startswith(f"# {rule.name} ({rule.code})\n\n*category {rule.category.value} · severity ")
    assert all(f"\n## {section}\n" in text for section in (*SECTIONS, "Examples"))
    assert all(textwrap.dedent(example.source).strip("\n") in text for example in rule.examples)
    assert text.count("```") % 2 == 0


def test_a_page_on_a_terminal() -> None:
    """On a terminal the page is laid out, within its width; in a pipe it is the Markdown itself."""
    rule = find("syntax-error")
    laid_out = page(rule, Terminal(width=60))
    assert "## " not in laid_out
    assert "# <- here" in laid_out
    assert "because" in laid_out
    assert max(len(line) for line in laid_out.splitlines()) <= 60
    assert page(rule, Terminal()) == markdown(rule)


def test_colour_on_a_page() -> None:
    """The page is in colour exactly where colour is wanted."""
    rule = find("syntax-error")
    assert "\x1b[3" in page(rule, Terminal(colour=True, width=60))
    assert "\x1b[3" not in page(rule, Terminal(colour=False, width=60))


def test_the_catalogue_lists_each_rule_once() -> None:
    """Code, name, severity and summary of every rule stand in one line."""
    lines = list(catalogue(all_rules(), Terminal()))
    for rule in all_rules():
        [line] = [line for line in lines if line.split()[:2] == [rule.code, rule.name]]
        assert rule.category.severity.name.lower() in line
        assert line.endswith(rule.summary())
    assert max(len(line) for line in catalogue(all_rules(), Terminal(width=80))) <= 80
