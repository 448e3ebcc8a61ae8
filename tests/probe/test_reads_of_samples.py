"""Samples of the evaluation are read twice: what is drawn anew at each read is no augmentation, what changes a little is one."""

import pytest

from tests.probe.forks import Forks
from tests.probe.mechanisms import program
from trainlint.observations import Observation
from trainlint.rules.data.augmented_evaluation_data import AugmentedEvaluationData
from trainlint.verdicts import Outcome

DRAWN = """\
class Drawn(TensorDataset):
    def __getitem__(self, number):
        chosen = int(torch.randint(len(self), ()))
        return super().__getitem__(chosen)[0], {label}


class Net("""
ARRAYS = """\
class Arrays(TensorDataset):
    def __getitem__(self, number):
        x, y = super().__getitem__(number)
        return x.numpy() * (1 + {noise} * torch.rand(()).item()), y


class Net("""
UNTOLD = """\
class Numbers(TensorDataset):
    def __getitem__(self, number):
        return number, super().__getitem__(number)[1]


class Net("""


def observed(forks: Forks, held_out: str, kind: str, looked_up: str = "x") -> Observation:
    """What a sound program with evaluation data of its own kind shows."""
    edits = (
        ("class Net(", held_out),
        ("in held_out", f"in DataLoader({kind}(inputs, labels), batch_size=32)"),
        ("model(x).", f"model({looked_up})."),
    )
    observation = forks.observation(program(edits), steps=16)
    assert not isinstance(observation, str), observation
    return observation


def outcomes(observation: Observation) -> set[tuple[Outcome, bool]]:
    """What the judge says, and whether that becomes a finding where the analyzer had none."""
    return {(ruling.outcome, bool(ruling.message)) for ruling in AugmentedEvaluationData().judge(observation)}


@pytest.mark.parametrize("label", ["number % 3", "chosen % 3"])
def test_samples_drawn_at_random_are_no_finding(forks: Forks, label: str) -> None:
    """A data set that draws a pair at each read gives other samples, not changed ones, whatever their labels are."""
    found = outcomes(observed(forks, DRAWN.format(label=label), "Drawn"))
    assert found == {(Outcome.CONFIRMED, False)}


@pytest.mark.parametrize(("noise", "expected"), [("0.1", (Outcome.CONFIRMED, True)), ("0.0", (Outcome.NOT_REPRODUCED, False))])
def test_arrays_are_read_as_the_loader_reads_them(forks: Forks, noise: str, expected: tuple[Outcome, bool]) -> None:
    """NumPy's arrays are samples as well."""
    assert outcomes(observed(forks, ARRAYS.format(noise=noise), "Arrays")) == {expected}


def test_numbers_alone_tell_nothing(forks: Forks) -> None:
    """Samples without any spread are neither accused nor cleared."""
    assert outcomes(observed(forks, UNTOLD, "Numbers", "inputs[x]")) == set()
