"""TL218."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.events import Answer, Repeated
from trainlint.program.networks import has_parameters
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class RepeatedLayer(Rule):
    """
    `[Layer()] * n` puts one layer n times into a list, not n layers.

    ## What it checks

    A list or tuple display in which a layer with weights is constructed is multiplied by a number.

    ## Why it matters

    All items are the same object: the network has one layer's weights where it seems to have n, each used n times in a row. It
    trains, and is far smaller than it was meant to be.

    ## When it stays silent

    For layers without weights, for a factor of 1, and when the layer was built before and has a name: then sharing its weights
    may be meant. Whether a layer that nothing in sight defines has weights is not known.

    ## How to fix it

    Construct a layer for each item: `[nn.Linear(8, 8) for _ in range(n)]`.

    ## References

    - Python FAQ: How do I create a multidimensional list?
    """

    code = "TL218"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            blocks = nn.Sequential(*[nn.Linear(64, 64)] * 4)  # <- here
            """,
            fixed="""
            from torch import nn

            blocks = nn.Sequential(*[nn.Linear(64, 64) for _ in range(4)])
            """,
        ),
        Good(
            """
            from torch import nn

            blocks = nn.Sequential(*[nn.Linear(64, 64) for _ in range(4)])
            """,
            because="the comprehension builds four layers",
        ),
        Good(
            """
            from torch import nn

            activations = [nn.ReLU()] * 4
            """,
            because="an activation has no weights to share",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the constructor of each layer with parameters that is repeated so."""
        for run, event in program.each(Repeated):
            if event.layer is not None and has_parameters(event.layer) is Answer.YES:
                place = getattr(event.layer, "node", event.node)
                message = "this is one layer, repeated: all items share its weights"
                evidence = ((event.node, "it is repeated here"),)
                yield Sighting(place, message, evidence, confidence=run.confidence, fix=_cures(event.node))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts how often one container holds one layer."""
        weighted = {parameter.layer for parameter in observation.parameters}
        for index, layer in enumerate(observation.layers):
            if index not in weighted or layer.constructed is None or not layer.held_times:
                continue
            measured = f"one container holds this layer {layer.held_times} times"
            if layer.held_times > 1:
                message = "this is one layer, repeated: all items share its weights"
                yield confirmed(layer.constructed, measured, threshold="more than once", source=EXACT, message=message)
            else:
                yield not_reproduced(layer.constructed, measured, threshold="more than once", source=EXACT)


def _cures(repetition: ir.Node) -> tuple[Cure, ...]:
    """`[layer() for _ in range(n)]`."""
    if not isinstance(repetition, ir.BinaryOperation):
        return ()
    display, times = repetition.left, repetition.right
    if not isinstance(display, ir.Sequence):
        display, times = times, display
    if (
        not isinstance(display, ir.Sequence)
        or display.kind != "list"
        or len(display.items) != 1
        or isinstance(display.items[0], ir.Starred)
    ):
        return ()
    code = ("[", display.items[0], " for _ in range(", times, ")]")
    return (
        Cure("Build a layer for each place", (Replace(repetition, code),), "there are more weights to train, as there are meant to be"),
    )
