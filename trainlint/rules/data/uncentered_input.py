"""TL102."""

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.scaling import centred
from trainlint.findings import Category
from trainlint.knowledge.facts import Scale, Takes
from trainlint.program.inputs import losses_of, network_inputs
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Loss, Observation, Spread

_CLASSIFYING = frozenset({Takes.LOGITS, Takes.LOG_PROBABILITIES})

_THRESHOLD = "over 0.5 (sound programs: under 0.1)"


class UncenteredInput(Rule):
    """
    Inputs are scaled to 0–1 and never centred.

    ## What it checks

    Data that are scaled to 0–1 (`ToTensor` without `Normalize`, `/ 255`) reach the first weighted layer of a classifier in
    training, and no normalization follows that layer.

    ## Why it matters

    With inputs that are all positive the gradients of a unit's weights all have the same sign, and learning zigzags. Measured
    on small networks without batch normalization, centring lowered the loss in 85 % of the runs.

    ## When it stays silent

    With a normalization before or right after the first weighted layer; for autoencoders and adversarial networks, whose
    targets lie in 0–1 themselves; when the path cannot be followed.

    ## How to fix it

    Add `Normalize(mean, std)` with the data set's statistics after `ToTensor()`.

    ## References

    - LeCun, Bottou, Orr, Müller: Efficient BackProp, section 4.3
    """

    code = "TL102"
    category = Category.ADVICE
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            pipeline = transforms.Compose([transforms.ToTensor()])
            train = datasets.MNIST("data", train=True, transform=pipeline)
            loader = DataLoader(train, batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for images, labels in loader:
                loss = nn.functional.cross_entropy(model(images), labels)  # <- here
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            pipeline = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
            train = datasets.MNIST("data", train=True, transform=pipeline)
            loader = DataLoader(train, batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for images, labels in loader:
                loss = nn.functional.cross_entropy(model(images), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            steps = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.13,), (0.31,))])
            loader = DataLoader(datasets.MNIST("data", train=True, transform=steps), batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for images, labels in loader:
                loss = nn.functional.cross_entropy(model(images), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="Normalize centres the images",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the training passes of classifiers whose first weighted layer gets data of 0–1 and nothing normalizes after it."""
        for entry in network_inputs(program, Scale.UNIT):
            losses = list(losses_of(entry.run, entry.forward))
            if entry.normalized_after or not any(loss.fact is not None and loss.fact.takes in _CLASSIFYING for loss in losses):
                continue
            evidence = [(entry.data.scale_node, "the data are scaled to 0–1 here")] if entry.data.scale_node is not None else []
            yield Sighting(
                entry.forward.argument or entry.forward.node,
                "the inputs lie in 0–1 and are never centred",
                tuple(evidence),
                confidence=entry.run.confidence,
                fix=tuple(Cure("Centre the data", changes, _REASON) for changes in centred(program, entry.forward)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares each channel's mean with its spread, where the data meet the first weighted layer in training."""
        for entry, place in observation.training_inputs():
            spread = entry.spread
            channels = list(zip(spread.channel_means, spread.channel_stds, strict=True)) or [(spread.mean, spread.std)]
            ratio = max((abs(mean) / std for mean, std in channels if std > 1e-6), default=0.0)
            measured = f"mean over standard deviation {ratio:.2f} in the most uncentred channel at `{entry.layer}`"
            if observation.synthetic_data:
                yield inconclusive(place, "the program trained on stand-ins for its data", measured=measured)
            elif entry.embedded or entry.normalized_before or entry.normalized_after:
                yield not_reproduced(place, f"{measured}, next to a normalization layer", threshold=_THRESHOLD, source=SMALL_NETWORKS)
            elif spread.minimum < 0 or spread.maximum > 1.001 or spread.whole:
                yield not_reproduced(
                    place,
                    f"values from {number(spread.minimum)} to {number(spread.maximum)} meet `{entry.layer}`",
                    threshold="values between 0 and 1",
                    source="the rule is about scaled data that were never centred",
                )
            elif observation.networks[entry.network].fed or any(_reconstructs(loss, spread) for loss in observation.losses):
                what = f"{measured}; values between 0 and 1 are what is made as well"
                yield not_reproduced(place, what, threshold=_THRESHOLD, source="a range that the outputs share")
            elif ratio > 0.5:
                yield confirmed(
                    place,
                    measured,
                    threshold=_THRESHOLD,
                    source=SMALL_NETWORKS,
                    value=ratio,
                    message="the input is scaled to 0–1 and not centred" if spread.shape[1:] and len(spread.shape) > 2 else None,
                )
            elif ratio < 0.25:
                yield not_reproduced(place, measured, threshold=_THRESHOLD, source=SMALL_NETWORKS, value=ratio)
            else:
                yield inconclusive(place, "between what sound and what faulty programs show", measured=measured, threshold=_THRESHOLD)


def _reconstructs(loss: "Loss", fed: "Spread") -> bool:
    """Whether the targets are shaped and scaled like what the network reads."""
    target = loss.target
    return (
        bool(loss.trained)
        and target is not None
        and not target.whole
        and target.minimum >= 0
        and target.maximum <= 1.001
        and prod(target.shape) == prod(fed.shape)
    )


_REASON = "the training result changes, as it is meant to; mean and standard deviation of the data themselves fit them better than 0.5"
