"""TL105."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, SetArgument
from trainlint.findings import Category
from trainlint.program.events import Forward
from trainlint.program.pipelines import keeps_order, training_loaders
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Data
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Loader, Observation


class UnshuffledTrainingData(Rule):
    """
    The training data come in the same order in every epoch.

    ## What it checks

    A loader that a network is trained on, in a loop or by a framework, draws from a data set that has an order, with neither
    `shuffle=True` nor a sampler.

    ## Why it matters

    Data are often stored class by class, so that a batch holds one class alone, and the network forgets in each batch what it
    learned in the one before. Even where the order is mixed once, the same batches come back in every epoch, and the last ones
    always have the last word.

    ## When it stays silent

    For iterable data sets, samplers, a batch that is the whole data set, data sets that mix their samples by themselves, networks
    that carry a state from batch to batch, and settings that are not known. Whether a data set is a time series is not known.

    ## How to fix it

    Give the loader `shuffle=True`, or a sampler.

    ## References

    - PyTorch: [DataLoader](https://pytorch.org/docs/stable/data.html)
    """

    code = "TL105"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            train = datasets.MNIST(".", transform=transforms.ToTensor())
            loader = DataLoader(train, batch_size=64)  # <- here
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in loader:
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            train = datasets.MNIST(".", transform=transforms.ToTensor())
            loader = DataLoader(train, batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in loader:
                    loss = nn.functional.cross_entropy(model(inputs), labels)
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

            train = datasets.MNIST(".", transform=transforms.ToTensor())
            loader = DataLoader(train, batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in loader:
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
            """,
            because="each epoch has its own order",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the constructors of loaders that are trained on and keep the order of their data."""
        for run, loader, use in training_loaders(program):
            if keeps_order(loader):
                place = use.argument if isinstance(use, Forward) and use.argument is not None else use.node
                message = "the network is trained on this loader, which draws the same batches in the same order in every epoch"
                evidence = ((place, "it is trained on here"),)
                yield Sighting(loader.node, message, evidence, confidence=run.confidence, fix=_cures(loader))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares how mixed the classes of a batch are with how mixed they were after shuffling.

        In 40 batches of 8 to 128, labels without an order give 0.85 (shares of 0.9 and 0.1) to 1.25 (one class after the other, over
        and over); a share that drifts from 0.1 to 0.9 gives 0.70 to 0.90; the windows of one recording after the other give 0.51 and
        more (3 windows each, 10 classes), 0.14 to 0.78 (12) and 0.02 to 0.26 (100). Data sorted by class give 0.
        """
        mixtures = [loss.batch_mixture for loss in observation.losses if loss.trained and loss.batch_mixture]
        for loader in observation.loaders:
            if not loader.trained or loader.shuffled is None:
                continue
            if loader.shuffled:
                yield not_reproduced(loader.constructed, "the loader shuffles", threshold="a fixed order", source=EXACT)
            elif observation.synthetic_data or not mixtures:
                why = "the program trained on stand-ins for its data" if observation.synthetic_data else "the targets are no classes"
                yield inconclusive(loader.constructed, why, measured="the loader keeps the order of its data")
            else:
                yield _by_mixture(loader, *mixtures[0])


def _cures(loader: Data) -> tuple[Cure, ...]:
    if not isinstance(loader.node, ir.Call) or loader.name != "torch.utils.data.DataLoader":
        return ()
    change = SetArgument(loader.node, "shuffle", "True", position=2)
    return (Cure("Shuffle the training data", (change,), "the training result changes, as it is meant to"),)


_THRESHOLD = "batches under 0.5 times as mixed as shuffled ones"
_SOURCE = (
    "computed for 2 to 100 classes: in their order, each filling two batches, at most 0.1; "
    "in an order that has nothing to do with them, 0.94 to 1.07"
)


def _by_mixture(loader: "Loader", own: float, shuffled: float) -> Ruling:
    message = "the network is trained on batches in the order of their classes"
    if shuffled < 0.01:
        share, seen = loader.other_labels or 0.0, loader.batches * (loader.batch_size or 0)
        if share >= 0.25 and seen >= 200:  # were a tenth of them of other classes, 200 of one alone would come once in a billion times
            measured = (
                f"{loader.batches} batches held one class almost alone, and {share:.0%} of samples spread over the data are of others"
            )
            return confirmed(loader.constructed, measured, threshold=_THRESHOLD, source=_SOURCE, value=0.0, message=message)
        return inconclusive(loader.constructed, "one class alone was seen", measured="the loader keeps the order of its data")
    ratio = own / shuffled
    measured = f"the classes in a batch are {ratio:.2f} times as mixed as those of shuffled batches"
    if ratio < 0.5:
        return confirmed(loader.constructed, measured, threshold=_THRESHOLD, source=_SOURCE, value=ratio, message=message)
    if ratio > 0.8:
        return not_reproduced(loader.constructed, measured, threshold=_THRESHOLD, source=_SOURCE, value=ratio)
    return inconclusive(loader.constructed, "they are somewhat less mixed", measured=measured, threshold=_THRESHOLD)
