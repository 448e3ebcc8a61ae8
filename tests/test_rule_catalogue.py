"""Every rule keeps the house's order, so that a user who has read one page can read them all."""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.expectations import TESTS
from trainlint.engine.catalogue import all_rules
from trainlint.findings import Category
from trainlint.rule import SECTIONS, STAGES, Bad, Good, Rule

REPORTED_BY_THE_ENGINE = {"unreadable-file", "internal-error"}
"""No example can show them: a file that cannot be read, and trainlint failing. tests/engine makes both happen."""

every_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in all_rules()])


def file_of(rule: type[Rule]) -> Path:
    """Where the rule is written."""
    return Path(inspect.getfile(rule))


def test_there_are_rules() -> None:
    """The catalogue is found by looking into folders; it must not come out empty, nor a stage be lost."""
    assert {rule.stage for rule in all_rules()} == set(STAGES)


def test_codes_and_names_are_unique() -> None:
    """A code or a name means one rule, in every suppression and every setting, forever."""
    words = Counter(word for rule in all_rules() for word in (rule.code, rule.name))
    assert [word for word, count in words.items() if count > 1] == []


@every_rule
def test_identity(rule: type[Rule]) -> None:
    """File, class and name say the same, and the code's first digit says the stage."""
    assert file_of(rule).stem.replace("_", "") == rule.__name__.lower()
    assert file_of(rule).parent.name == rule.stage
    assert re.fullmatch(r"TL\d{3}", rule.code)
    assert int(rule.code[2]) == STAGES[rule.stage]
    assert re.fullmatch(r"\d+\.\d+", rule.since)


@every_rule
def test_page(rule: type[Rule]) -> None:
    """A page starts with one sentence and has all sections, in order, none of them empty."""
    assert rule.summary().endswith(".")
    assert len(rule.summary()) <= 110
    assert rule.page().splitlines()[1] == ""
    sections = re.split(r"^## (.+)$", rule.page(), flags=re.MULTILINE)
    assert tuple(sections[1::2]) == SECTIONS
    assert all(text.strip() for text in sections[2::2])


@every_rule
def test_limits(rule: type[Rule]) -> None:
    """Silence must not read as approval: the page of a rule about programs says what it cannot follow."""
    if rule.stage in {"tool", "observations"}:
        return
    silence = rule.page().partition("## When it stays silent")[2].partition("## How to fix it")[0]
    assert re.search(LIMITS, " ".join(silence.split())), "which programs can it not judge, because they cannot be followed?"


@every_rule
def test_no_fix(rule: type[Rule]) -> None:
    """Where no example shows a fix, the page says why none is offered."""
    bad = [example for example in rule.examples if isinstance(example, Bad)]
    if bad and rule.stage != "tool" and not any(example.fixed for example in bad):
        assert "No fix is offered: " in " ".join(rule.page().split())


LIMITS = r"\bfollow|out of sight|in sight|not in the text|not known|unknown|(?:cannot|could not) be (?:read|told)"
"""How pages speak of what the abstract run does not see."""


@every_rule
def test_examples(rule: type[Rule]) -> None:
    """A page shows the fault and something that looks like it and is none, and says why it is none."""
    bad = [example for example in rule.examples if isinstance(example, Bad)]
    good = [example for example in rule.examples if isinstance(example, Good)]
    assert good
    assert bad or rule.name in REPORTED_BY_THE_ENGINE or rule.stage == "observations"
    assert not any(example.because.endswith(".") for example in good)
    severities = [example.category.severity for example in bad if example.category]
    assert all(severity < rule.category.severity or rule.category is Category.ADVICE for severity in severities), (
        "a category is only ever lowered"
    )


@every_rule
def test_edge_cases_exist(rule: type[Rule]) -> None:
    """Beside what its page shows, each rule is tried on the cases that nearly fool it."""
    if rule.stage == "observations":  # only a run can show it
        assert file_of(rule).stem in (TESTS / "probe" / "test_judges.py").read_text(encoding="utf-8")
    else:
        assert rule.name in REPORTED_BY_THE_ENGINE or (TESTS / "rules" / rule.stage / file_of(rule).name).is_file()


@every_rule
def test_messages(rule: type[Rule]) -> None:
    """A message states a fact: it starts in lower case or with a name in backticks, and ends without a full stop."""
    for message in messages(rule):
        assert message[0].islower() or message[0] in "`{0123456789", message
        assert not message.endswith((".", "!", " ")), message
        assert message.count("`") % 2 == 0, message
        assert "'" not in re.sub(r"`[^`]*`|(?<=\w)'(?=\w)", "", message), f"names stand in backticks: {message}"


def messages(rule: type[Rule]) -> list[str]:
    """The texts that a rule file gives to its sightings, with `{…}` for what is filled in."""
    calls = [node for node in ast.walk(ast.parse(file_of(rule).read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    sightings = [call for call in calls if ast.unparse(call.func) == "Sighting"]
    given = [call.args[1] if len(call.args) > 1 else keyword(call, "message") for call in sightings]
    return [text for node in given if node is not None and (text := literal(node))]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """A keyword argument of a call."""
    return next((argument.value for argument in call.keywords if argument.arg == name), None)


def literal(node: ast.expr) -> str | None:
    """A string or f-string as text."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
