"""TL306."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Named, Replace, SetArgument
from trainlint.cures.losses import BCE_WITH_LOGITS, another_loss
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Layer, Takes
from trainlint.measures import typical
from trainlint.program.events import LayerCall
from trainlint.program.losses import LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SingleLogitCrossEntropy(Rule):
    """
    A cross-entropy over one class: the loss is always zero.

    ## What it checks

    `CrossEntropyLoss` (or a softmax that any loss reads) over a layer with a single output unit.

    ## Why it matters

    The softmax over one number is 1, whatever the number: the loss is 0 and the gradient is 0 for label 0, and label 1 raises
    an index error, on a GPU as an assertion far from here. The network learns nothing.

    ## When it stays silent

    When the number of units is not known, or the output is reshaped before the loss.

    ## How to fix it

    For two classes use two output units, or one unit with `BCEWithLogitsLoss` and float targets.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    """

    code = "TL306"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """,
            fixed="""
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.BCEWithLogitsLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
        ),
        Good(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.BCEWithLogitsLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
            because="one unit answers one yes/no question",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports a loss over classes whose input has one unit, and a softmax over one unit before any loss."""
        for call in loss_calls(program, *Takes):
            if call.input is None or call.input.units != 1:
                continue
            if call.fact.takes in {Takes.LOGITS, Takes.LOG_PROBABILITIES}:
                message = "the loss compares classes, and its input has one unit: it is always zero"
                evidence = ((call.kind_place, "one output unit"),)
                yield Sighting(
                    call.place,
                    message,
                    evidence,
                    confidence=call.run.confidence,
                    fix=(*_binary(program, call), *_one_unit_to_a_class(program, call)),
                )
            elif call.input.kind is Kind.SOFTMAX and call.input.axis in {1, -1}:
                message = "the softmax over one unit is always 1: the loss cannot change"
                evidence = ((call.kind_place, "softmax over one unit"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=_sigmoid(program, call))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether the loss stays what it is whatever the network says."""
        for loss in observation.losses:
            if loss.function != "cross_entropy":
                yield not_reproduced(loss.place, f"the loss is `{loss.function}`", threshold="a cross-entropy over classes", source=EXACT)
                continue
            if loss.units != 1:
                yield not_reproduced(loss.place, f"the input has {loss.units} units", threshold="one unit", source=EXACT)
                continue
            spread = max(loss.values, default=0.0) - min(loss.values, default=0.0)
            kept = typical(loss.attenuation)
            failure = observation.ending.failure
            if loss.values and spread < 1e-6:
                measured = f"the loss is {number(loss.values[0])} at each of {len(loss.values)} steps"
                measured += ", and no gradient reaches the logits" if kept is not None and kept < 1e-6 else ""
            elif failure is not None and failure.place is not None and failure.place.row == loss.place.row:
                measured = f"the program ends here: {failure.message.splitlines()[0] if failure.message else failure.kind}"
            else:
                yield inconclusive(loss.place, "the loss varies with one unit in it", measured=f"the loss varies by {number(spread)}")
                continue
            yield confirmed(
                loss.place,
                measured,
                threshold="one unit, and a loss that varies by less than 1e-6",
                source=EXACT,
                value=spread,
                message="the loss compares classes, and its input has one unit: it is always zero",
            )


def _binary(program: TrainingProgram, call: LossCall) -> tuple[Cure, ...]:
    """A yes/no loss, unless the targets are known to be class ids: with those, label 1 would have raised an error at once."""
    if call.target is not None and (call.target.classes or call.target.kind is not None):
        return ()
    reason = "the training result changes, as it is meant to, and its targets are floats in the shape of the output"
    changes = another_loss(program, call, BCE_WITH_LOGITS)
    return (Cure("Use the loss that takes one logit", changes, reason),) if changes else ()


def _one_unit_to_a_class(program: TrainingProgram, call: LossCall) -> tuple[Cure, ...]:
    """As many output units as there are classes: two, where nothing says more."""
    layer = next((each.layer for _, each in program.each(LayerCall) if each.defined is call.kind_place), None)
    if not isinstance(layer, Object) or not isinstance(layer.fact, Layer) or not isinstance(layer.node, ir.Call) or layer.cls is not None:
        return ()
    units = layer.fact.units
    if units is None or units not in layer.fact.parameters:
        return ()
    classes = call.target.classes if call.target is not None else None
    reason = "the network gets another shape" + ("" if classes else ", for the two classes that are assumed")
    change = SetArgument(layer.node, units, str(classes or 2), position=layer.fact.parameters.index(units))
    return (Cure(f"Give the output {classes or 2} units", (change,), reason),)


def _sigmoid(program: TrainingProgram, call: LossCall) -> tuple[Cure, ...]:
    """What gives one unit a probability."""
    applied = next((each for _, each in program.each(LayerCall) if each.defined is call.kind_place), None)
    if applied is None or not isinstance(call.kind_place, ir.Expr):
        return ()
    reason = "the training result changes, as it is meant to"
    if applied.node is not call.kind_place:
        change = Replace(call.kind_place, (Named("torch.nn.Sigmoid", imported=True), "()"))
    elif isinstance(applied.argument, ir.Expr):
        change = Replace(call.kind_place, (Named("torch.sigmoid", imported=True), "(", applied.argument, ")"))
    else:
        return ()
    return (Cure("Apply a sigmoid instead", (change,), reason),)
