"""TL105."""

from collections.abc import Iterator

from trainlint.cures.changes import Cure, SetArgument
from trainlint.findings import Category
from trainlint.program.events import Forward
from trainlint.program.pipelines import keeps_order, training_loaders
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Data
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir


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


def _cures(loader: Data) -> tuple[Cure, ...]:
    if not isinstance(loader.node, ir.Call) or loader.name != "torch.utils.data.DataLoader":
        return ()
    change = SetArgument(loader.node, "shuffle", "True", position=2)
    return (Cure("Shuffle the training data", (change,), "the training result changes, as it is meant to"),)
