"""TL101."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.scaling import divided
from trainlint.findings import Category
from trainlint.knowledge.facts import LARGEST
from trainlint.program.inputs import NetworkInput, network_inputs
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Input, Observation

_THRESHOLD = "largest value over 10, root mean square over 3"


class UnnormalizedInput(Rule):
    """
    Raw pixel values, 0 to 255, reach the first layer of a network.

    ## What it checks

    Data that are read as raw images (PIL, OpenCV, `.data` of a torchvision data set, `read_image` and the like) reach the first
    weighted layer of a network in training, and nothing on the way scales them. With a batch normalization right after that
    layer the harm is small, and the finding is advice.

    ## Why it matters

    Weights are initialized for inputs of about unit size. Inputs a hundred times as large saturate units, blow up the first
    gradients and make every learning rate wrong.

    ## When it stays silent

    When anything on the path scales the data (`ToTensor` on images, `/ 255`, Normalize of any library, a scaler), when the
    network begins with a normalization or an embedding, and when the path cannot be followed.

    ## How to fix it

    Scale to 0–1 (`ToTensor()`, `ToDtype(torch.float32, scale=True)`, `/ 255`) and normalize with the data set's mean and
    standard deviation.

    ## References

    - LeCun, Bottou, Orr, Müller: Efficient BackProp, section 4.3
    """

    code = "TL101"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn
            from torchvision import datasets

            train = datasets.MNIST("data", train=True)
            images = train.data.float().view(-1, 784)
            model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for epoch in range(10):
                loss = nn.functional.cross_entropy(model(images), train.targets)  # <- here
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn
            from torchvision import datasets

            train = datasets.MNIST("data", train=True)
            images = train.data.float().view(-1, 784)
            model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for epoch in range(10):
                loss = nn.functional.cross_entropy(model(images / 255), train.targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn
            from torchvision import datasets

            train = datasets.MNIST("data", train=True)
            images = train.data.float().view(-1, 784) / 255
            model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for epoch in range(10):
                loss = nn.functional.cross_entropy(model(images), train.targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="the division scales the pixels to 0–1",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the training passes whose first weighted layer gets raw pixels."""
        for entry, largest in ((entry, largest) for scale, largest in LARGEST.items() for entry in network_inputs(program, scale)):
            evidence = [(entry.data.scale_node, "raw values come from here")] if entry.data.scale_node is not None else []
            yield Sighting(
                entry.forward.argument or entry.forward.node,
                f"raw pixel values, 0 to {largest}, reach the first layer of the network",
                tuple(evidence),
                confidence=entry.run.confidence,
                category=Category.ADVICE if entry.normalized_after else None,
                fix=_cures(program, entry, largest),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at the values that meet the first weighted layer in training."""
        for entry, place in observation.training_inputs():
            largest = max(abs(entry.spread.minimum), abs(entry.spread.maximum))
            size = (entry.spread.mean**2 + entry.spread.std**2) ** 0.5
            measured = f"values from {number(entry.spread.minimum)} to {number(entry.spread.maximum)} meet `{entry.layer}`"
            if observation.synthetic_data:
                yield inconclusive(place, "the program trained on stand-ins for its data", measured=measured)
            elif entry.embedded or entry.normalized_before:
                before = "an embedding" if entry.embedded else "a normalization layer"
                yield not_reproduced(place, f"{measured}, behind {before}", threshold=_THRESHOLD, source=SMALL_NETWORKS)
            elif largest > 10 and size > 3:
                message = f"values up to {number(largest)} reach the first layer of the network"
                yield confirmed(
                    place,
                    measured,
                    threshold=_THRESHOLD,
                    source=SMALL_NETWORKS,
                    value=largest,
                    message=None if _is_regression(observation, entry) else message,
                    category=Category.ADVICE if entry.normalized_after else None,
                )
            elif largest <= 10:
                yield not_reproduced(place, measured, threshold=_THRESHOLD, source=SMALL_NETWORKS, value=largest)
            else:
                yield inconclusive(
                    place, "a few large values among small ones", measured=measured, threshold=_THRESHOLD, source=SMALL_NETWORKS
                )


def _is_regression(observation: "Observation", entry: "Input") -> bool:
    """Whether one layer is the whole network, and its inputs are no pixels: a line through numbers of their own size is no fault."""
    layers = sum(layer.weighted and layer.network == entry.network for layer in observation.layers)
    return layers == 1 and not (entry.spread.whole and entry.spread.maximum > 100)


def _cures(program: TrainingProgram, entry: NetworkInput, largest: int) -> tuple[Cure, ...]:
    changes = divided(program, entry.forward, str(largest))
    reason = "the training result changes, as it is meant to; code that is not in sight has to scale its inputs too"
    return (Cure("Scale the pixels to 0–1", changes, reason),) if changes else ()
