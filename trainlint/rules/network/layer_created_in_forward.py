"""TL211."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.knowledge.facts import Role
from trainlint.program.networks import built_in_forward
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_WITH_WEIGHTS = (
    Role.LINEAR,
    Role.CONVOLUTION,
    Role.EMBEDDING,
    Role.RECURRENT,
    Role.ATTENTION,
    Role.TRANSFORMER,
    Role.BATCH_NORM,
)


class LayerCreatedInForward(Rule):
    """
    A layer with weights is constructed inside `forward`, anew in each pass.

    ## What it checks

    A linear, convolutional, recurrent, embedding, attention or batch normalization layer, or a network of the program with such
    layers, is built in the course of a forward pass and applied in the same pass.

    ## Why it matters

    Each pass multiplies by new random weights. No optimizer ever holds them, so that the layer is never trained, and what comes
    after it learns from noise. A batch normalization that is built there never uses running statistics.

    ## When it stays silent

    When the construction happens once (`if self.layer is None`, `hasattr`), when the network keeps the layer, when the layer's
    weights are assigned (a fixed filter), and for layers without weights. It does not follow layers that a function of another
    library builds.

    ## How to fix it

    Build the layer in `__init__` and keep it as an attribute; where its size depends on the data, use a lazy layer such as
    `nn.LazyLinear`. No fix is offered: the sizes that `__init__` would need are known only in `forward`.

    ## References

    - PyTorch: [Module](https://pytorch.org/docs/stable/generated/torch.nn.Module.html)
    """

    code = "TL211"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden = nn.Linear(8, 32)

                def forward(self, x):
                    x = self.hidden(x).relu()
                    return nn.Linear(32, 2)(x)  # <- here
            """
        ),
        Good(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = None, nn.Linear(32, 2)

                def forward(self, x):
                    if self.hidden is None:
                        self.hidden = nn.Linear(x.shape[1], 32)
                    return self.output(self.hidden(x).relu())
            """,
            because="the layer is built in the first pass and kept",
        ),
        Good(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.output = nn.Linear(32, 2)

                def forward(self, x):
                    return self.output(nn.ReLU()(x))
            """,
            because="an activation has no weights",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the constructions, where these are followed into the pass that applies the layer."""
        for run, built in built_in_forward(program, *_WITH_WEIGHTS):
            message = "this layer is built anew in each forward pass: its weights are random each time and never trained"
            yield Sighting(built.place, message, ((built.call.node, "it is applied here"),), confidence=run.confidence)

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the layers that one place of a forward pass has built."""
        built = Counter(layer.constructed for layer in observation.layers if layer.made_in_forward and layer.weighted and layer.constructed)
        for place, count in built.items():
            measured = f"{count} layers were built here in {observation.ending.steps} steps"
            if count >= 3:
                message = "this layer is built anew in each forward pass: its weights are random each time and never trained"
                yield confirmed(place, measured, threshold="3 or more", source=EXACT, value=float(count), message=message)
            else:
                yield inconclusive(place, "it may be built in the first pass alone", measured=measured, threshold="3 or more")
        ready = dict.fromkeys(layer.constructed for layer in observation.layers if layer.weighted and layer.constructed not in built)
        for known in ready:
            yield not_reproduced(known, "no forward pass builds it", threshold="3 or more", source=EXACT, value=0.0)
