"""TL312."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.knowledge.facts import Takes
from trainlint.program.events import DeadTerm, Forward
from trainlint.program.losses import loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Tensor
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ArgmaxInLoss(Rule):
    """
    A loss, or a term of it, is computed from decided classes: no gradient goes through an index or a comparison.

    ## What it checks

    The input of a loss that is trained comes out of `argmax`, a comparison or a rounding of the network's output; or something
    that was computed from such decisions alone is added to a loss.

    ## Why it matters

    The derivative of a decision is zero everywhere. A loss computed from it raises an error, or, with `requires_grad_` or
    beside another term, moves no weight: the term shows in the log and has no influence on the training.

    ## When it stays silent

    When the decision is multiplied with something that carries a gradient (a mask or weight), in straight-through estimators,
    on the side of the targets, in metrics. Decisions that were collected in a list of Python numbers are not followed.

    ## How to fix it

    Compute the loss from the scores or probabilities themselves. No fix is offered: another loss has to be chosen.

    ## References

    - PyTorch: [Autograd mechanics](https://pytorch.org/docs/stable/notes/autograd.html), gradients of non-differentiable functions
    """

    code = "TL312"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                predictions = model(inputs).argmax(dim=1).float()
                loss = nn.functional.mse_loss(predictions, labels.float())  # <- here
                loss.requires_grad_()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """
        ),
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                scores = model(inputs)
                wrong = (scores.argmax(dim=1) != labels).float().mean()
                loss = nn.functional.cross_entropy(scores, labels) + 0.5 * wrong  # <- here
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                scores = model(inputs)
                losses = nn.functional.cross_entropy(scores, labels, reduction="none")
                hard = (scores.argmax(dim=1) != labels).float()
                loss = (losses * hard).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="the decision only chooses which samples count",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports inputs of trained losses, and terms of trained sums, that were computed from decisions alone."""
        for call in loss_calls(program, *Takes):
            event, given = call.event, call.input
            if given is None or given.graph is not False or not event.trained or given.trace is None or given.trace.discrete is None:
                continue
            if any(type(each) is Forward for each in given.deps):
                message = "no gradient goes through this input of the loss: it was computed from decided classes"
                yield Sighting(call.place, message, ((given.trace.discrete, "the decision is made here"),), confidence=call.run.confidence)
        for run, dead in program.each(DeadTerm):
            term = dead.term
            if dead.trained and isinstance(term, Tensor) and term.trace is not None and term.trace.discrete is not None:
                message = "a term of this loss has no gradient: it was computed from decided classes"
                yield Sighting(dead.node, message, ((term.trace.discrete, "the decision is made here"),), confidence=run.confidence)

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks for decisions among what backward passes start from."""
        for loss in observation.losses:
            if loss.trained and loss.input_needs_gradient:
                yield not_reproduced(loss.place, "the input of this loss has a gradient", threshold="any without", source=EXACT)
        for backward in observation.backwards:
            lost = backward.rootless or backward.leaves or backward.severed
            whole = (backward.cut,) if lost and backward.cut is not None else ()
            for cut in (*whole, *backward.terms):
                if not cut.decides or cut.place is None:
                    continue
                what = "loss" if whole else "term of the loss"
                yield confirmed(
                    cut.place,
                    f"this {what} comes out of `{cut.operation}`, and no gradient goes back through that",
                    threshold="any",
                    source=EXACT,
                    message=f"no gradient goes through this {what}: it was computed from decided classes",
                    related=((backward.place, "it is backwarded here"),) if backward.place else (),
                )
