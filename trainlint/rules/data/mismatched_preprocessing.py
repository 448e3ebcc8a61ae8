"""TL103."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.knowledge.facts import Effect
from trainlint.program.evaluation import evaluations
from trainlint.program.events import Forward
from trainlint.program.pipelines import normalizations, steps_into
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Data
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation, Spread


class MismatchedPreprocessing(Rule):
    """
    Images are normalized in one way for training and in another one for evaluation.

    ## What it checks

    The transforms that lead to a network in training and in evaluation are both known, and they normalize with different means
    and standard deviations, or only one of the two normalizes at all.

    ## Why it matters

    The network is evaluated on inputs of another scale than it was trained on. Its scores are too low, checkpoints are chosen
    by them, and nothing fails.

    ## When it stays silent

    When only augmentation differs; when any step, mean or standard deviation on either side is not known, as with a `Lambda` or
    statistics that are computed; when the network was trained on data with both normalizations.

    ## How to fix it

    Share the last steps, `ToTensor` and `Normalize`, between both pipelines, with the statistics of the training data. No fix
    is offered: which of the two is right is not in the code.

    ## References

    - torchvision: [Transforms](https://pytorch.org/vision/stable/transforms.html)
    """

    code = "TL103"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            train_transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
            train = DataLoader(datasets.MNIST(".", train=True, transform=train_transform), batch_size=64, shuffle=True)
            test = DataLoader(datasets.MNIST(".", train=False, transform=transforms.ToTensor()), batch_size=64)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in train:
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                with torch.no_grad():
                    for inputs, labels in test:
                        print((model(inputs).argmax(1) == labels).float().mean())  # <- here
            """
        ),
        Good(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            last = [transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))]
            train_transform = transforms.Compose([transforms.RandomCrop(28, padding=2), *last])
            train = DataLoader(datasets.MNIST(".", train=True, transform=train_transform), batch_size=64, shuffle=True)
            test = DataLoader(datasets.MNIST(".", train=False, transform=transforms.Compose(last)), batch_size=64)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in train:
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                with torch.no_grad():
                    for inputs, labels in test:
                        print((model(inputs).argmax(1) == labels).float().mean())
            """,
            because="only the augmentation differs",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports evaluations whose normalization no training pass of the same network has."""
        for run, forward in evaluations(program):
            steps = steps_into(forward)
            mine = normalizations(steps) if steps is not None else None
            if steps is None or mine is None:
                continue
            others = [other for other in run.of(Forward) if other.trained and other.module is forward.module]
            trained = [(other, steps_into(other)) for other in others]
            theirs = [normalizations(each) if each is not None else None for _, each in trained]
            if not theirs or None in theirs or mine in theirs:
                continue
            other, training = trained[0]
            evidence = [(other.argument or other.node, "it is trained on these data")]
            evidence += [(place, "they are normalized here") for place in _places(training or ())[:1]]
            evidence += [(place, "the data of the evaluation are normalized here") for place in _places(steps)[:1]]
            message = "the network is evaluated on data that are normalized in another way than those it is trained on"
            yield Sighting(forward.argument or forward.node, message, tuple(evidence), confidence=run.confidence)

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares what the first weighted layer is given in training and in evaluation.

        In 52 sound programs of many kinds, pictures were at most 0.08 standard deviations and 1.14 times apart; tables and texts
        0.12 and 1.2 times, with heavy tails 1.3; dropout on the input 1.4 times; a growing series 1.8 standard deviations and
        1.5 times; the observations of a policy that learns 1.6 times.
        """
        for number in range(len(observation.networks)):
            fed = {entry.evaluation: entry for entry in observation.inputs if entry.network == number and not entry.embedded}
            place = next((call.place for call in observation.forwards if call.network == number and call.evaluations), None)
            if place is None or len(fed) < 2 or fed[False].layer != fed[True].layer:
                continue
            shift, ratio = _apart(fed[False].spread, fed[True].spread)
            measured = f"the means are {shift:.2f} standard deviations apart, and one spread is {ratio:.2f} times the other"
            pictures = fed[False].pictures
            if ratio > (1.5 if pictures else _DRIFT) or (pictures and shift > 0.5):
                message = "the network is evaluated on data of another range than those it is trained on"
                yield confirmed(place, measured, threshold=_THRESHOLD, source=_SOURCE, value=max(shift, ratio - 1), message=message)
            elif shift < 0.25 and ratio < 1.25:
                yield not_reproduced(place, measured, threshold=_THRESHOLD, source=_SOURCE, value=max(shift, ratio - 1))
            else:
                yield inconclusive(place, "the data themselves may differ so much", measured=measured, threshold=_THRESHOLD)


def _places(steps: tuple[Data, ...]) -> list[ir.Node]:
    return [step.node for step in steps if getattr(step.fact, "effect", None) is Effect.CENTRE]


_DRIFT = 3.0
"""Series and tables move by themselves between the past and the present: the air passengers of 1949 to 1960, scaled by their
first two thirds, go on 2.6 standard deviations higher, with 1.1 times the spread. Raw values against standardized ones, or a range
of 0–1 against a standard deviation of 1, differ by more than 3 times."""
_THRESHOLD = "pictures: means over 0.5 standard deviations apart, or one spread over 1.5 times the other; other data: 3 times"
_SOURCE = "exact for the usual scalings of data in 0–1: a mean and spread of 0.5 double the spread, a data set's own make it 3 to 5 times"


def _apart(one: "Spread", other: "Spread") -> tuple[float, float]:
    """How far the means are apart in standard deviations, and the ratio of the spreads: of the channels of pictures, else of the whole."""
    pairs = [((one.mean, one.std), (other.mean, other.std))]
    if len(one.shape) > 2 and len(one.channel_means) == len(other.channel_means) > 0:
        ours, theirs = (zip(each.channel_means, each.channel_stds, strict=True) for each in (one, other))
        pairs += [pair for pair in zip(ours, theirs, strict=True) if min(pair[0][1], pair[1][1]) > 0.1 * max(one.std, other.std)]
    shifts = [abs(mean - middle) / max(std, spread, 1e-12) for (mean, std), (middle, spread) in pairs]
    ratios = [max(std, spread) / max(min(std, spread), 1e-12) for (_, std), (_, spread) in pairs if max(std, spread) > 0]
    return max(shifts), max(ratios, default=1.0)
