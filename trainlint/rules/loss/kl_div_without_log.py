"""TL313."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, SetArgument
from trainlint.cures.layers import log_softmax_instead
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation

_NO_LOGS = {
    Kind.SOFTMAX: "probabilities",
    Kind.SIGMOID: "values in 0–1",
    Kind.AFFINE: "unbounded scores",
    Kind.RECTIFIED: "values that cannot be negative",
    Kind.POSITIVE: "values that cannot be negative",
}


class KlDivWithoutLog(Rule):
    """
    The input of `kl_div` is not in log space.

    ## What it checks

    The first argument of `KLDivLoss` or `kl_div` is the output of a softmax, a sigmoid or a weighted layer, with no logarithm in
    between. A reduction of "mean", which is the default, divides by the number of elements instead of the batch size; that is
    advice.

    ## Why it matters

    The function computes `target * (log(target) - input)` and takes the input for log-probabilities. Of probabilities the result
    is no divergence: it is not zero where both agree, and its gradient pulls every probability up.

    ## When it stays silent

    When a `log_softmax` or logarithm is on the way, and when the way cannot be followed. Which of two distributions belongs first
    is not judged.

    ## How to fix it

    Write `F.kl_div(F.log_softmax(scores, dim=1), target, reduction="batchmean")`.

    ## References

    - PyTorch: [KLDivLoss](https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html)
    """

    code = "TL313"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            student = nn.Linear(8, 10)
            for inputs, soft_labels in loader:
                probabilities = F.softmax(student(inputs), dim=1)
                loss = F.kl_div(probabilities, soft_labels, reduction="batchmean")  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            student = nn.Linear(8, 10)
            for inputs, soft_labels in loader:
                probabilities = F.log_softmax(student(inputs), dim=1)
                loss = F.kl_div(probabilities, soft_labels, reduction="batchmean")
            """,
        ),
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            student = nn.Linear(8, 10)
            for inputs, soft_labels in loader:
                loss = F.kl_div(F.log_softmax(student(inputs), dim=1), soft_labels)  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            student = nn.Linear(8, 10)
            for inputs, soft_labels in loader:
                loss = F.kl_div(F.log_softmax(student(inputs), dim=1), soft_labels, reduction="batchmean")
            """,
            category=Category.ADVICE,
        ),
        Good(
            """
            import torch.nn.functional as F
            from torch import nn

            student = nn.Linear(8, 10)
            for inputs, soft_labels in loader:
                loss = F.kl_div(F.log_softmax(student(inputs), dim=1), soft_labels, reduction="batchmean")
            """,
            because="the input is log-probabilities",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports inputs that are certainly no logs, and the reduction that is no mean of divergences."""
        for call in loss_calls(program, Takes.DIVERGENCE):
            kind = call.input.kind if call.input is not None else None
            if kind in _NO_LOGS:
                message = f"the divergence wants log-probabilities first, and this is {_NO_LOGS[kind]}"
                evidence = ((call.kind_place, "it is made here"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=tuple(_cures(program, call)))
            elif call.event.reduction == "mean":
                message = "a mean over all elements is no divergence: it is too small by the number of classes"
                yield Sighting(call.place, message, category=Category.ADVICE, confidence=call.run.confidence, fix=_mean_of_rows(call))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at the sign of the input: no logarithm of a probability is positive."""
        for loss in observation.losses:
            if loss.function != "kl_div":
                continue
            largest = loss.input.maximum
            measured = f"the input goes from {number(loss.input.minimum)} to {number(largest)}"
            if largest > 1e-6:
                what = "probabilities" if loss.simplex else "no logarithms"
                message = f"the divergence wants log-probabilities first, and these are {what}"
                yield confirmed(loss.place, measured, threshold="over 0", source=EXACT, value=largest, message=message)
            elif loss.reduction == "mean":
                yield confirmed(
                    loss.place,
                    f"the mean is taken over all elements, {loss.units or 1} for each divergence",
                    threshold="a mean over more than the divergences",
                    source=EXACT,
                    message="a mean over all elements is no divergence: it is too small by the number of classes",
                    category=Category.ADVICE,
                )
            else:
                yield not_reproduced(loss.place, measured, threshold="over 0", source=EXACT, value=largest)


_REASON = "the training result changes, as it is meant to"


def _cures(program: TrainingProgram, call: LossCall) -> Iterator[Cure]:
    """The logarithm of the softmax, where it is one."""
    if call.input is not None and call.input.kind is Kind.SOFTMAX:
        for changes in log_softmax_instead(program, call.kind_place):
            yield Cure("Apply log-softmax instead", changes, _REASON)


def _mean_of_rows(call: LossCall) -> tuple[Cure, ...]:
    """`batchmean`, the mean of the divergences."""
    defined = call.event.defined
    if not isinstance(defined, ir.Call):
        return ()
    return (Cure("Take the mean of the divergences", (SetArgument(defined, "reduction", '"batchmean"'),), _REASON),)
