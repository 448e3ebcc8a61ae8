"""Each rule on the programs that nearly fool it: tests/rules/<stage>/<rule_name>.py."""

from collections import Counter
from pathlib import Path

import pytest

from tests.expectations import Program, expected, findings_of, programs_in, reported
from trainlint.engine.text import TEXT
from trainlint.engine.catalogue import find

PROGRAMS = [program for file in sorted(Path(__file__).parent.glob("*/*.py")) for program in programs_in(file)]
AT_LEAST = 60
"""Fewer programs than this were lost, not removed."""


def test_there_are_programs() -> None:
    """The programs are found by looking into folders; they must not come out empty."""
    assert len(PROGRAMS) >= AT_LEAST


@pytest.mark.parametrize("program", [pytest.param(program, id=str(program)) for program in PROGRAMS])
def test_edge_case(program: Program) -> None:
    """The rule that names the file reports the rows marked `# expect:`, and no other row."""
    name = find(program.file.stem.replace("_", "-")).name
    found = reported(findings_of(program.text), TEXT)
    assert Counter({key: count for key, count in found.items() if key[1] == name}) == expected(program.text)
