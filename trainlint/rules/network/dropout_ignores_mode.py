"""TL209."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Named, Piece, Replace, SetArgument
from trainlint.cures.surroundings import receiver_around
from trainlint.findings import Category
from trainlint.knowledge.facts import Role
from trainlint.program.events import LayerCall
from trainlint.program.networks import Built, built_in_forward
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class DropoutIgnoresMode(Rule):
    """
    A dropout does not know whether the network is trained or evaluated.

    ## What it checks

    Inside a network: `F.dropout` without `training=`, which drops in evaluation too; `F.alpha_dropout` without it, which never
    drops; an `nn.Dropout` that `forward` builds anew, so that `model.eval()` never reaches it; `scaled_dot_product_attention`
    with a constant `dropout_p`.

    ## Why it matters

    `model.eval()` does not switch such a dropout off. Every prediction is then a random one, scores of the same model differ from
    run to run, and they are lower than the model deserves.

    ## When it stays silent

    When `training=` is given, whatever its value; when the code around branches on `self.training` or on a flag that it was
    given; outside of networks, where noise on inputs may be meant. It does not follow a probability that a property computes, nor
    one that comes from outside into `scaled_dot_product_attention`.

    ## How to fix it

    Write `F.dropout(x, p, training=self.training)`, or build `nn.Dropout(p)` once in `__init__` and call it. For
    `scaled_dot_product_attention`, give `dropout_p=self.p if self.training else 0.0`.

    ## References

    - PyTorch: [dropout](https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html),
      [scaled_dot_product_attention](https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html)
    """

    code = "TL209"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 2)

                def forward(self, x):
                    return self.output(F.dropout(F.relu(self.hidden(x)), 0.5))  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 2)

                def forward(self, x):
                    return self.output(F.dropout(F.relu(self.hidden(x)), 0.5, training=self.training))
            """,
        ),
        Bad(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.output = nn.Linear(32, 2)

                def forward(self, x):
                    x = nn.Dropout(p=0.5)(x)  # <- here
                    return self.output(x)
            """,
            fixed="""
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.output = nn.Linear(32, 2)

                def forward(self, x):
                    x = nn.functional.dropout(x, 0.5, training=self.training)
                    return self.output(x)
            """,
        ),
        Good(
            """
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 2)

                def forward(self, x):
                    return self.output(F.dropout(F.relu(self.hidden(x)), 0.5, training=self.training))
            """,
            because="it is told the mode",
        ),
        Good(
            """
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.output = nn.Linear(8, 2)

                def forward(self, x):
                    if self.training:
                        x = F.dropout(x, 0.2)
                    return self.output(x)
            """,
            because="the branch switches it off in evaluation",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports dropout functions that are not told the mode, and dropouts that a forward pass builds."""
        for run, call in program.each(LayerCall):
            if call.drops is True:
                message = "this drops in evaluation too: nothing tells it the mode of the network"
                yield Sighting(call.node, message, confidence=run.confidence, fix=tuple(_cures(program, call)))
            elif call.drops is False:
                message = "this never drops: its `training` is false unless it is given"
                yield Sighting(call.node, message, confidence=run.confidence, fix=tuple(_cures(program, call)))
        for run, built in built_in_forward(program, Role.DROPOUT):
            message = "this dropout is built anew in each forward pass: `eval()` cannot switch it off"
            evidence = ((built.call.node, "it is applied here"),)
            yield Sighting(built.place, message, evidence, confidence=run.confidence, fix=tuple(_as_function(program, built)))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts what is dropped while the network is in evaluation mode."""
        for use in observation.dropouts:
            measured = f"in evaluation mode, {use.dropped_in_evaluation} of {use.evaluated} calls drop"
            if use.dropped_in_evaluation and use.declared:
                yield inconclusive(use.place, "it is told to drop always", measured=measured, threshold="any")
            elif use.dropped_in_evaluation:
                message = "this drops in evaluation too: nothing tells it the mode of the network"
                if use.built_in_forward:
                    message = "this dropout is built anew in each forward pass: `eval()` cannot switch it off"
                yield confirmed(use.place, measured, threshold="any", source=EXACT, value=1.0, message=message)
            elif use.trained and not use.dropped_in_training:
                what = f"in training mode, none of {use.trained} calls drops"
                message = "this never drops: its `training` is false unless it is given"
                never = message if "alpha" in use.operation else None
                yield confirmed(use.place, what, threshold="none at all", source=EXACT, value=0.0, message=never)
            elif use.evaluated:
                yield not_reproduced(use.place, measured, threshold="any", source=EXACT, value=0.0)


def _cures(program: TrainingProgram, call: LayerCall) -> Iterator[Cure]:
    """Tells the function the mode of the network whose method it is called in."""
    if not isinstance(call.node, ir.Call):
        return
    receiver = receiver_around(program, call.node)
    if receiver is None:
        return
    title, reason = "Drop in training alone", "the scores change, as they are meant to"
    probability = next((each.value for each in call.node.arguments if each.keyword == "dropout_p"), None)
    if call.role is Role.DROPOUT:
        yield Cure(title, (SetArgument(call.node, "training", f"{receiver}.training", position=2),), reason)
    elif probability is not None:
        code = (probability, f" if {receiver}.training else 0.0")
        yield Cure(title, (SetArgument(call.node, "dropout_p", code),), reason)


_FUNCTIONS = {
    f"torch.nn.{name}": f"torch.nn.functional.{function}"
    for name, function in (
        ("Dropout", "dropout"),
        ("Dropout1d", "dropout1d"),
        ("Dropout2d", "dropout2d"),
        ("Dropout3d", "dropout3d"),
        ("AlphaDropout", "alpha_dropout"),
    )
}


def _as_function(program: TrainingProgram, built: Built) -> Iterator[Cure]:
    """`nn.Dropout(p)(x)` as the function that is told the mode."""
    call, construction = built.call.node, built.place
    layer = built.call.layer
    function = _FUNCTIONS.get(layer.name or "") if isinstance(layer, Object) and layer.cls is None else None
    receiver = receiver_around(program, call)
    if function is None or receiver is None or not isinstance(call, ir.Call) or not isinstance(construction, ir.Call):
        return
    settings = construction.arguments
    if call.function is not construction or len(call.arguments) != 1 or len(settings) > 1 or any(each.star for each in settings):
        return
    if settings and settings[0].keyword not in {None, "p"}:
        return
    probability: tuple[Piece, ...] = (", ", settings[0].value) if settings else ()
    code = (Named(function, imported=True), "(", call.arguments[0].value, *probability, f", training={receiver}.training)")
    yield Cure("Drop in training alone", (Replace(call, code),), "the scores change, as they are meant to")
