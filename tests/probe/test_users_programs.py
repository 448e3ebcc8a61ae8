"""Sound programs in many styles, on none of which a threshold was chosen: they run to their end under watch, and no judge finds a fault."""

from pathlib import Path

import pytest

from tests.probe.forks import Forks
from trainlint.engine.catalogue import all_rules, find
from trainlint.verdicts import Outcome

SILENT = Path(__file__).parent.parent / "programs" / "silent"
NAMES = {
    "clip_style": "the similarity of each with each mixes nothing",
    "conv_autoencoder": "what it makes lies between 0 and 1 like what it reads",
    "focal_loss": "a bias that knows the frequencies begins with a small loss, and each sample has its weight",
    "freeze_idiom": "a flag that is taken back for some was none in vain",
    "frozen_backbone": "batch normalization stays in evaluation mode on purpose; steps are large for a small head, and the loss falls",
    "gcn_scatter": "the nodes of a graph are no samples",
    "growing_series": "the present of a series lies above its past",
    "lstm_classifier_packed": "the input of a recurrent network is its packed sequence",
    "pk_sampler": "a batch of few classes is made on purpose",
    "ppo_actor_critic": "acting in an environment is no evaluation",
    "wgan_toggle": "what is frozen for the other's step is thawed for its own",
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


PLANTED = (
    ("argmax-in-loss", "conv_autoencoder", "mse(rec, img)", "mse((rec > 0.5).float().requires_grad_(), img)"),
    ("detached-loss", "conv_autoencoder", "rec = ae(img)", "rec = ae(img).detach().requires_grad_()"),
    ("broadcast-in-loss", "focal_loss", "crit(model(xb).squeeze(1), yb)", "((model(xb).sigmoid() - yb) ** 2).mean()"),
    ("inert-flag", "freeze_idiom", "param.requires_grad = False", "param.require_grad = False"),
    ("parameters-never-updated", "freeze_idiom", "model.fc = nn.Linear(64, 3)\n\n", ""),
    ("update-ratio", "focal_loss", "lr=1e-3", "lr=5.0"),
    ("clip-after-step", "ppo_actor_critic", "            optimizer.step()\n", ""),
)
_ALSO = {
    "parameters-never-updated": ("exp_lr_scheduler =", "model.fc = nn.Linear(64, 3)\nexp_lr_scheduler ="),
    "clip-after-step": ("            nn.utils.clip_grad", "            optimizer.step()\n            nn.utils.clip_grad"),
}


@pytest.mark.parametrize(("rule", "name", "sound", "faulty"), PLANTED)
def test_a_fault_planted_in_it_is_confirmed(forks: Forks, rule: str, name: str, sound: str, faulty: str) -> None:
    """One edit, as a tired user makes it, is what the rule's judge finds, in words of its own."""
    text = (SILENT / f"{name}.py").read_text(encoding="utf-8")
    for before, after in ((sound, faulty), *((_ALSO[rule],) if rule in _ALSO else ())):
        assert before in text
        text = text.replace(before, after)
    observation = forks.observation(text)
    assert not isinstance(observation, str), observation
    rulings = [ruling for ruling in find(rule)().judge(observation) if ruling.outcome is Outcome.CONFIRMED]
    assert any(ruling.message for ruling in rulings)
