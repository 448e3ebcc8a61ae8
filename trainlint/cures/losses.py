"""Recipes for losses that do not fit what they are given."""

from collections.abc import Iterator

from trainlint.cures.changes import Change, Cure, Named, Replace
from trainlint.cures.layers import without
from trainlint.knowledge.facts import Takes
from trainlint.program.events import LossComputed, Update
from trainlint.program.losses import LossCall, loss_calls, tensor
from trainlint.program.training_program import TrainingProgram
from trainlint.source import ir

BCE = "torch.nn.BCELoss", "torch.nn.functional.binary_cross_entropy"
BCE_WITH_LOGITS = "torch.nn.BCEWithLogitsLoss", "torch.nn.functional.binary_cross_entropy_with_logits"
CROSS_ENTROPY = "torch.nn.CrossEntropyLoss", "torch.nn.functional.cross_entropy"
_KEPT = frozenset({"reduction", "input", "target"})
"""The arguments that all of these understand alike."""


def another_loss(program: TrainingProgram, call: LossCall, twins: tuple[str, str]) -> tuple[Change, ...]:
    """Puts another loss, given as class and function, in the place of one; nothing where that would mean something else.

    What compares something else with the same loss object keeps it from being exchanged.
    """
    defined = call.event.defined
    if not isinstance(defined, ir.Call) or not isinstance(defined.function, ir.Name | ir.Attribute):
        return ()
    functional = defined is call.event.node
    positional = sum(argument.keyword is None for argument in defined.arguments)
    keywords = {argument.keyword for argument in defined.arguments if argument.keyword is not None}
    if positional > (2 if functional else 0) or not keywords <= _KEPT or any(argument.star for argument in defined.arguments):
        return ()
    kind = call.input.kind if call.input is not None else None
    for _, event in program.each(LossComputed):
        if event.defined is defined:
            other = tensor(event.input)
            if other is None or other.kind is not kind:
                return ()
    return (Replace(defined.function, Named(twins[functional], imported=True)),)


def without_activation(program: TrainingProgram, call: LossCall, name: str) -> Iterator[Cure]:
    """Leaves out the activation that a loss applies itself, unless a loss of another kind needs it."""
    others = set(Takes) - {call.fact.takes}
    if any(other.kind_place is call.kind_place for other in loss_calls(program, *others)):
        return
    reason = f"the network gives logits from then on: whatever else reads probabilities from it has to apply {name} itself"
    for changes in without(program, call.kind_place):
        yield Cure(f"Leave out the {name}", changes, reason)


def is_mixed_precision(call: LossCall) -> bool:
    """Whether a GradScaler is at work: losses on probabilities refuse to run under autocast."""
    return any(True for _ in call.run.of(Update))
