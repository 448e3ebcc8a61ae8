"""TL506."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.bindings.usage import path_of
from trainlint.cures.changes import Cure, Delete, Replace
from trainlint.cures.surroundings import around
from trainlint.findings import Category
from trainlint.program.detachment import constant_terms, detached_losses
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class DetachedLoss(Rule):
    """
    The loss, or a part of it, is cut from the graph before the backward pass.

    ## What it checks

    A backward pass from a loss that came out of a recorded forward pass and lost its graph on the way: by `item()`,
    `.data`, `detach()`, `numpy()` or by building a new tensor from it. Also a sum that is backwarded, one part of which
    is a loss made a number.

    ## Why it matters

    No gradient flows through what was cut. Where the whole loss is cut, `backward()` fails, or, once `requires_grad` is
    switched on by hand, does nothing; where a part is cut, that part is reported and never learnt.

    ## When it stays silent

    When targets, teachers or weights of the loss are cut and the loss itself is not; when a number scales a loss instead
    of being added to it; when the network runs without gradients on purpose. A cut inside of code that cannot be followed
    is not seen.

    ## How to fix it

    Call `backward()` on the loss as it was computed, and make it a number for printing alone.

    ## References

    - PyTorch: [Autograd mechanics](https://pytorch.org/docs/stable/notes/autograd.html)
    """

    code = "TL506"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss = torch.tensor(loss.item(), requires_grad=True)
                loss.backward()  # <- here
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss.backward()
                optimizer.step()
            """,
        ),
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels, targets in loader:
                optimizer.zero_grad()
                outputs = model(inputs)
                distance = nn.functional.mse_loss(outputs, targets)
                loss = nn.functional.cross_entropy(outputs, labels) + distance.item()  # <- here
                loss.backward()
                optimizer.step()
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            teacher = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.mse_loss(model(inputs), teacher(inputs).detach())
                loss.backward()
                optimizer.step()
                print(loss.item())
            """,
            because="only the target is cut, and the number is printed",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports losses that are backwarded without their graph, and parts of losses that are constants."""
        for run, backward, cut in detached_losses(program):
            yield Sighting(
                backward.node,
                "the loss is cut from the graph of the network: no gradient reaches its parameters",
                ((cut, "it is cut here"),),
                confidence=run.confidence,
                fix=_cures(program, cut),
            )
        for run, backward, sum_ in constant_terms(program):
            yield Sighting(
                sum_.node,
                "a part of this loss is a number: it changes what is reported, and no gradient flows through it",
                ((backward.node, "the sum is backwarded here"),),
                confidence=run.confidence,
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at what backward passes start from."""
        for backward in observation.backwards:
            lost = backward.rootless + backward.leaves + backward.severed
            what = "end in a tensor that was cut off" if backward.severed else "start from a tensor that no computation leads to"
            measured = f"{lost} of {backward.calls} backward passes {what}"
            decided = backward.cut is not None and backward.cut.decides
            cut = backward.cut.place if backward.cut is not None else None
            if lost and not decided and backward.unrecorded is None:
                yield confirmed(
                    backward.place,
                    measured,
                    threshold="any",
                    source=EXACT,
                    value=lost / backward.calls,
                    message="the loss is cut from the graph of the network: no gradient reaches its parameters",
                    related=((cut, "it is cut here"),) if cut else (),
                )
            elif any(not term.decides for term in backward.terms):
                where = next(term.place for term in backward.terms if not term.decides)
                yield confirmed(
                    where, "a term of the sum that is backwarded has no gradient", threshold="any", source=EXACT, reason="it may be meant"
                )
            elif not lost:
                yield not_reproduced(backward.place, measured, threshold="any", source=EXACT, value=0.0)


def _cures(program: TrainingProgram, cut: ir.Node) -> tuple[Cure, ...]:
    """The tensor itself, in the place of its value, or of a new tensor made of that."""
    if isinstance(cut, ir.Call) and isinstance(cut.function, ir.Attribute) and not cut.arguments:
        tensor = cut.function.value
    elif isinstance(cut, ir.Attribute):
        tensor = cut.value
    else:
        return ()
    title, reason = "Keep the graph of the loss", "the training result changes, as it is meant to"
    surroundings = (*around(program, cut), None, None, None)[:3]
    argument, made, statement = surroundings
    if isinstance(argument, ir.Argument) and isinstance(made, ir.Call) and any(each.keyword == "requires_grad" for each in made.arguments):
        alone = isinstance(statement, ir.Assign) and [path_of(target) for target in statement.targets] == [path_of(tensor)]
        change = Delete(statement) if alone and statement is not None else Replace(made, tensor)
        return (Cure(title, (change,), reason),)
    return (Cure(title, (Replace(cut, tensor),), reason),)
