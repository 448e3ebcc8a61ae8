"""Each mechanism is measured in a program that has the fault, and measured to be absent in one like it that has not."""

import pytest

from tests.probe.forks import Forks
from tests.probe.mechanisms import MECHANISMS, Edits, program
from trainlint.engine.catalogue import all_rules, find
from trainlint.observations import Observation
from trainlint.verdicts import Outcome, Ruling


class Bench:
    """Runs each program once."""

    def __init__(self, forks: Forks) -> None:
        self.forks = forks
        self.seen: dict[str, Observation] = {}

    def observation(self, edits: Edits) -> Observation:
        """What a run of the program with these edits shows."""
        text = program(edits)
        if text not in self.seen:
            observation = self.forks.observation(text, steps=16)
            assert not isinstance(observation, str), observation
            self.seen[text] = observation
        return self.seen[text]

    def rulings(self, rule: str, *, faulty: bool) -> list[Ruling]:
        """What the judge of the rule says."""
        return list(find(rule)().judge(self.observation(MECHANISMS[rule][not faulty])))


@pytest.fixture(scope="module")
def bench(forks: Forks) -> Bench:
    """Programs that have run."""
    return Bench(forks)


@pytest.mark.parametrize("rule", MECHANISMS)
def test_the_mechanism_is_measured(bench: Bench, rule: str) -> None:
    """It is confirmed with its number, its threshold and where that comes from, at a place of the program."""
    confirmed = [ruling for ruling in bench.rulings(rule, faulty=True) if ruling.outcome is Outcome.CONFIRMED]
    assert confirmed
    assert all(ruling.measured and ruling.threshold and ruling.source and ruling.place for ruling in confirmed)
    assert any(ruling.message for ruling in confirmed) or rule == "aliased-best-weights"


@pytest.mark.parametrize("rule", MECHANISMS)
def test_its_absence_is_measured(bench: Bench, rule: str) -> None:
    """The sound program is cleared of it."""
    outcomes = {ruling.outcome for ruling in bench.rulings(rule, faulty=False)}
    assert outcomes == {Outcome.NOT_REPRODUCED}


def test_a_sound_program_is_cleared(bench: Bench) -> None:
    """No judge of any rule confirms anything."""
    observation = bench.observation(())
    confirmed = {rule.name for rule in all_rules() for ruling in rule().judge(observation) if ruling.outcome is Outcome.CONFIRMED}
    assert confirmed == set()
