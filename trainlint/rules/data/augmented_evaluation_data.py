"""TL104."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.evaluation import evaluations
from trainlint.program.pipelines import random_step, steps_into
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class AugmentedEvaluationData(Rule):
    """
    The images of the evaluation are augmented at random.

    ## What it checks

    A random transform, such as a random crop, flip or color jitter, lies on the way from a data set to an evaluation: in its own
    transform, or because `random_split` or `Subset` cut the evaluation data out of one augmented data set.

    ## Why it matters

    Scores are taken on distorted images and change from run to run with the same weights. They are lower than on the images as
    they are, and the checkpoint that is chosen by them is partly chosen by chance.

    ## When it stays silent

    When the pipeline is not known step by step, when the probability of the transform is 0, and for passes that are not certainly
    an evaluation. Augmentation that a data set does by its own code is not followed.

    ## How to fix it

    Give the evaluation data a transform of their own, with resize, center crop and normalization; split a data set by indices
    and wrap each part with its own transform. No fix is offered: the evaluation needs a pipeline of its own, and what stands
    in for a random crop depends on the images.

    ## References

    - torchvision: [Transforms](https://pytorch.org/vision/stable/transforms.html)
    """

    code = "TL104"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader, random_split
            from torchvision import datasets, transforms

            transform = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
            data = datasets.CIFAR10(".", transform=transform)
            train, test = random_split(data, [45000, 5000])
            model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in DataLoader(train, batch_size=64, shuffle=True):
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                with torch.no_grad():
                    for inputs, labels in DataLoader(test, batch_size=64):
                        print((model(inputs).argmax(1) == labels).float().mean())  # <- here
            """
        ),
        Good(
            """
            import torch
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            augmented = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
            train = datasets.CIFAR10(".", train=True, transform=augmented)
            test = datasets.CIFAR10(".", train=False, transform=transforms.ToTensor())
            model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                for inputs, labels in DataLoader(train, batch_size=64, shuffle=True):
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                with torch.no_grad():
                    for inputs, labels in DataLoader(test, batch_size=64):
                        print((model(inputs).argmax(1) == labels).float().mean())
            """,
            because="the evaluation data have a transform of their own",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports evaluations on images that a random transform has changed."""
        for run, forward in evaluations(program):
            step = random_step(steps_into(forward) or ())
            if step is not None:
                message = "the network is evaluated on images that are augmented at random"
                evidence = ((step.node, "this transform is random"),)
                yield Sighting(forward.argument or forward.node, message, evidence, confidence=run.confidence)

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at two reads of one sample of the data that are evaluated on.

        In 30 sound programs two reads were the same to the last bit, but for one that draws each of its samples anew.
        """
        place = next((call.place for call in observation.forwards if call.evaluations), None)
        for loader in observation.loaders:
            apart = loader.reads_differ
            if loader.trained or apart is None or place is None:
                continue
            measured = f"two reads of one sample of `{loader.dataset}` differ by {apart:.2g} of its spread"
            if apart == 0.0:
                yield not_reproduced(place, measured, threshold="any difference", source=EXACT, value=0.0)
                continue
            message = "the network is evaluated on samples that are changed at random"
            anew = loader.reads_apart is None or loader.reads_apart > 0.7  # the data set itself may draw its samples at random
            related = ((loader.constructed, "they come from this loader"),) if loader.constructed else ()
            yield confirmed(
                place,
                measured,
                threshold="any difference",
                source=EXACT,
                value=apart,
                message=None if anew else message,
                related=related,
            )
