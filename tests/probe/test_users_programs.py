"""Sound programs in many styles, on none of which a threshold was chosen: they run to their end under watch, and no judge finds a fault."""

from pathlib import Path

import pytest

from tests.probe.forks import Forks
from trainlint.engine.catalogue import all_rules
from trainlint.verdicts import Outcome

SILENT = Path(__file__).parent.parent / "programs" / "silent"
NAMES = {
    "clip_style": "the similarity of each with each mixes nothing",
    "conv_autoencoder": "what it makes lies between 0 and 1 like what it reads",
    "focal_loss": "a bias that knows the frequencies begins with a small loss, and each sample has its weight",
    "freeze_idiom": "a flag that is taken back for some was none in vain",
    "frozen_backbone": "batch normalization stays in evaluation mode on purpose; steps are large for a small head, and the loss falls",
    "gcn_scatter": "the nodes of a graph are no samples",
    "lstm_classifier_packed": "the input of a recurrent network is its packed sequence",
    "ppo_actor_critic": "acting in an environment is no evaluation",
}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_a_sound_program(forks: Forks, name: str) -> None:
    """What is confirmed without a word waits for a finding of the analyzer; that one is silent here, as another test sees."""
    observation = forks.observation((SILENT / f"{name}.py").read_text(encoding="utf-8"))
    assert not isinstance(observation, str), observation
    assert observation.ending.failure is None
    assert observation.ending.steps >= 38
    rulings = [(rule.name, ruling) for rule in all_rules() for ruling in rule().judge(observation)]
    found = {f"{name}: {ruling.measured}" for name, ruling in rulings if ruling.outcome is Outcome.CONFIRMED and ruling.message}
    assert found == set()
