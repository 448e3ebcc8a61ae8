"""Which rules run."""

import pytest

from trainlint.engine.catalogue import all_rules, find
from trainlint.engine.selection import Selection
from trainlint.engine.usage import UsageError
from trainlint.findings import Category


def codes(selection: Selection) -> set[str]:
    """The codes of the rules that run, without those that speak about trainlint itself."""
    return {rule.code for rule in selection.rules() if rule.stage != "tool"}


def test_by_default_all_run_that_are_meant_to() -> None:
    """Pedantic rules wait until they are selected, rules in preview until previews are asked for."""
    assert codes(Selection()) == {
        rule.code for rule in all_rules() if not rule.preview and rule.category is not Category.PEDANTIC and rule.stage != "tool"
    }
    assert codes(Selection(("ALL",), preview=True)) == {rule.code for rule in all_rules() if rule.stage != "tool"}


def test_a_prefix_selects_a_stage() -> None:
    """`--select TL5` means the rules about the loop."""
    selected = Selection(("TL5",), preview=True).rules()
    assert {rule.stage for rule in selected} == {"loop", "tool"}


def test_names_and_codes_mean_the_same() -> None:
    """A rule may be written either way, in capitals or not."""
    rule = next(rule for rule in all_rules() if rule.stage != "tool" and not rule.preview)
    assert codes(Selection((rule.name,))) == codes(Selection((rule.code.lower(),))) == {rule.code}


def test_ignore_wins() -> None:
    """What is both selected and ignored does not run."""
    assert codes(Selection(("ALL",), ("TL",))) == set()


def test_the_tool_speaks_of_itself_whatever_is_selected() -> None:
    """A file that does not parse hides what the selected rules would find; ignoring TL001 is a decision of its own."""
    assert find("TL001") in Selection(("TL5",), preview=True).rules()
    assert find("TL001") not in Selection((), ("TL001",)).rules()


@pytest.mark.parametrize(
    ("word", "hint"),
    [("sintax-error", "did you mean `syntax-error`"), ("TL0011", "did you mean `TL001`"), ("quark", "`trainlint rules` lists them all")],
)
def test_an_unknown_rule_is_an_error_with_a_hint(word: str, hint: str) -> None:
    """A misspelt rule never selects nothing in silence."""
    for attempt in (lambda: find(word), Selection((word,)).rules, Selection((), (word,)).rules):
        with pytest.raises(UsageError, match=hint):
            attempt()
