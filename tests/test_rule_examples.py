"""Each rule finds what its page says it finds, and nothing else."""

import re
import textwrap
from collections import Counter

import pytest

from tests.expectations import findings_of
from trainlint.editing.text import apply_edits, is_sound
from trainlint.engine.catalogue import all_rules
from trainlint.findings import Finding
from trainlint.rule import Bad, Good, Rule

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.name}-{number}") for rule in all_rules() for number, example in enumerate(rule.examples, start=1)
]


def test_every_rule_shows_itself() -> None:
    """No page is without examples, so that what follows cannot pass by having nothing to do."""
    assert len(EXAMPLES) >= len(all_rules())


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule: type[Rule], example: Bad | Good) -> None:
    """The rows marked `# <- here` on a rule's page are those that the rule reports; what the page calls good is not reported."""
    source = textwrap.dedent(example.source)
    findings = [finding for finding in findings_of(source).findings if finding.code == rule.code]
    marks = Counter({row: line.count("# <- here") for row, line in enumerate(source.splitlines(), start=1) if "# <- here" in line})
    assert Counter(finding.span.start.row for finding in findings) == marks
    if isinstance(example, Bad):
        assert marks, "an example of a fault marks where it is reported"
        assert {finding.category for finding in findings} == {example.category or rule.category}
        assert_fixes(rule, source, example, findings)
    else:
        assert example.because
        assert not marks, "a good example marks nothing"


def assert_fixes(rule: type[Rule], source: str, example: Bad, findings: list[Finding]) -> None:
    """Applying the rule's fixes gives what the page says, which Python reads and the rule is silent about."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    edits = [edit for fix in fixes for edit in fix.edits]
    if example.fixed is None:
        assert not edits, "an example that has a fix shows what it makes"
        return
    fixed = textwrap.dedent(example.fixed)
    assert re.sub(r" *# <- here", "", apply_edits(source, edits)) == fixed
    assert is_sound(fixed)
    assert not [finding for finding in findings_of(fixed).findings if finding.code == rule.code], "a fix silences its rule"
    assert all(fix.reason for fix in fixes)
