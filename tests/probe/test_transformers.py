"""Programs that leave their loop to the Trainer of transformers: a small model with random weights, and a list of examples."""

import importlib.util
from collections.abc import Iterator

import pytest

from tests.probe.forks import Forks
from tests.rings import in_ci
from trainlint.engine.catalogue import all_rules
from trainlint.verdicts import Outcome

pytestmark = in_ci("transformers takes long to import")

PROGRAM = """
import torch
from torch import nn
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

generator = torch.Generator().manual_seed(0)
tokens = torch.randint(5, 60, (256, 12), generator=generator)
labels = (tokens[:, 0] > 32).long()
examples = [{"input_ids": row, "labels": label} for row, label in zip(tokens, labels)]
config = BertConfig(
    vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, num_labels=2
)
model = BertForSequenceClassification(config)
optimizer = None
arguments = TrainingArguments(
    "out", learning_rate=1e-3, per_device_train_batch_size=16, num_train_epochs=4, eval_strategy="epoch", report_to="none",
    disable_tqdm=True, use_cpu=True,
)

class Own(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        outputs = model(input_ids=inputs["input_ids"])
        loss = nn.functional.cross_entropy(outputs.logits, inputs["labels"])
        return (loss, outputs) if return_outputs else loss

trainer = Own(model, arguments, train_dataset=examples[:192], eval_dataset=examples[192:], optimizers=(optimizer, None))
trainer.train()
"""
FAULTS = {
    "learning-rate-out-of-range": ("learning_rate=1e-3", "learning_rate=10.0"),
    "parameters-not-optimized": (
        "optimizer = None",
        "optimizer = torch.optim.AdamW(BertForSequenceClassification(config).parameters(), lr=1e-3)",
    ),
    "softmax-before-cross-entropy": ("cross_entropy(outputs.logits,", "cross_entropy(outputs.logits.softmax(-1),"),
}


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """A process with transformers."""
    if importlib.util.find_spec("transformers") is None:
        pytest.skip("transformers is not installed: pip install trainlint[dev] brings it")
    server = Forks("transformers.trainer", "transformers.models.bert.modeling_bert")
    yield server
    server.close()


def confirmed(forks: Forks, text: str) -> set[str]:
    """The names of the rules whose judges confirm something."""
    observation = forks.observation(text, steps=24)
    assert not isinstance(observation, str), observation
    assert observation.ending.failure is None
    assert (observation.ending.steps, observation.ending.evaluation_batches) == (24, 3)
    return {rule.name for rule in all_rules() for ruling in rule().judge(observation) if ruling.outcome is Outcome.CONFIRMED}


def test_a_sound_trainer_is_cleared(forks: Forks) -> None:
    """Its modes, its clipping, its schedule and its evaluation are no faults."""
    assert confirmed(forks, PROGRAM) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_around_the_trainer(forks: Forks, fault: str) -> None:
    """It is measured through the Trainer's loop."""
    old, new = FAULTS[fault]
    assert PROGRAM.count(old) == 1
    assert fault in confirmed(forks, PROGRAM.replace(old, new))
