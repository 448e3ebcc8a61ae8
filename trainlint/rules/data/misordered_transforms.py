"""TL106."""

from collections.abc import Iterator

from trainlint.cures.changes import Cure, Replace, SwapItems
from trainlint.findings import Category
from trainlint.program.events import Assembled, Rescaled
from trainlint.program.pipelines import misordered
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Tensor
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir


class MisorderedTransforms(Rule):
    """
    Transforms scale or normalize in the wrong order, or twice.

    ## What it checks

    In a pipeline, a `Normalize` stands before the `ToTensor` that scales to 0–1; after the scaling, a `Normalize` subtracts means of
    0–255 data or, as albumentations does by default, divides by 255 again. Anywhere, data that are scaled to 0–1 are divided by 255.

    ## Why it matters

    Before `ToTensor`, `Normalize` gets an image instead of a tensor and fails, or works on numbers of another size. Scaled twice,
    all pixels lie between 0 and 0.004: the network sees an almost constant image.

    ## When it stays silent

    When the data were multiplied by 255 in between, when an image is made of the tensor again, and for steps that are not known,
    such as a `Lambda`.

    ## How to fix it

    Scale first and once, then normalize with statistics of 0–1 data: `ToTensor(), Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))`.

    ## References

    - torchvision: [Transforms](https://pytorch.org/vision/stable/transforms.html)
    - albumentations: `Normalize` divides by `max_pixel_value`
    """

    code = "TL106"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torchvision import transforms

            transform = transforms.Compose([
                transforms.Normalize((0.5,), (0.5,)),  # <- here
                transforms.ToTensor(),
            ])
            """,
            fixed="""
            from torchvision import transforms

            transform = transforms.Compose([
                transforms.ToTensor(),
                transforms.Normalize((0.5,), (0.5,)),
            ])
            """,
        ),
        Bad(
            """
            from torchvision import transforms

            transform = transforms.Compose([
                transforms.ToTensor(),
                transforms.Normalize((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),  # <- here
            ])
            """
        ),
        Good(
            """
            from torchvision import transforms

            transform = transforms.Compose([
                transforms.ToTensor(),
                transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
            ])
            """,
            because="the statistics are those of data in 0–1",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the step that stands in the wrong place of a pipeline, and divisions of what is scaled already."""
        for run, event in program.each(Assembled):
            pair = misordered(event.transform) if event.transform is not None else None
            if pair is None:
                continue
            if pair.scaled:
                message = "these statistics are those of 0–255 data, and the data are scaled to 0–1 before"
                yield Sighting(pair.second.node, message, ((pair.first.node, "they are scaled here"),), confidence=run.confidence)
            else:
                message = "this normalizes before the data are scaled to 0–1"
                evidence = ((pair.second.node, "they are scaled here"),)
                yield Sighting(
                    pair.first.node, message, evidence, confidence=run.confidence, fix=_exchanged(pair.first.node, pair.second.node)
                )
        for run, again in program.each(Rescaled):
            data = again.data
            if isinstance(data, Tensor) and data.scale_node is not None:
                message = "the data are scaled to 0–1 already"
                evidence = ((data.scale_node, "they are scaled here"),)
                yield Sighting(again.node, message, evidence, confidence=run.confidence, fix=_undivided(again.node))


_REASON = "the training result changes, as it is meant to"


def _exchanged(normalizing: ir.Node, scaling: ir.Node) -> tuple[Cure, ...]:
    if not isinstance(normalizing, ir.Expr) or not isinstance(scaling, ir.Expr):
        return ()
    return (Cure("Normalize after scaling", (SwapItems(normalizing, scaling),), _REASON),)


def _undivided(division: ir.Node) -> tuple[Cure, ...]:
    if not isinstance(division, ir.BinaryOperation) or division.operator != "/":
        return ()
    return (Cure("Scale the data once", (Replace(division, division.left),), _REASON),)
