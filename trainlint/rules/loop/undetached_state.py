"""TL513."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.detachment import undetached_states
from trainlint.program.events import Carried, Forward
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Sequence, Tensor
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class UndetachedState(Rule):
    """
    A state is carried into the next batch together with the graph that made it.

    ## What it checks

    A network that is given, graph and all, what an earlier pass of the loop has computed, where a backward pass of that
    earlier pass has used the graph up and a later one goes through it again.

    ## Why it matters

    The second backward pass goes through the first batch's graph again. PyTorch has freed it and fails; with
    `retain_graph=True` it goes through the graphs of all batches so far, and every step takes longer and more memory than
    the one before.

    ## When it stays silent

    When the state is detached, or made anew for each batch; when the loop sums its losses and one backward pass follows
    it. A state inside of a container or object that cannot be followed is not seen.

    ## How to fix it

    Detach the state before the next batch: `hidden = hidden.detach()`, or each part of it for an LSTM.

    ## References

    - PyTorch examples: [word_language_model, repackage_hidden](https://github.com/pytorch/examples/blob/main/word_language_model/main.py)
    """

    code = "TL513"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.GRU(4, 8)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            hidden = torch.zeros(1, 16, 8)
            for inputs, targets in loader:
                optimizer.zero_grad()
                outputs, hidden = model(inputs, hidden)  # <- here
                nn.functional.mse_loss(outputs, targets).backward(retain_graph=True)
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.GRU(4, 8)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            hidden = torch.zeros(1, 16, 8)
            for inputs, targets in loader:
                optimizer.zero_grad()
                outputs, hidden = model(inputs, hidden.detach())
                nn.functional.mse_loss(outputs, targets).backward(retain_graph=True)
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.GRU(4, 8)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            hidden = torch.zeros(1, 16, 8)
            for inputs, targets in loader:
                optimizer.zero_grad()
                hidden = hidden.detach()
                outputs, hidden = model(inputs, hidden)
                nn.functional.mse_loss(outputs, targets).backward()
                optimizer.step()
            """,
            because="the numbers are carried on, their graph is not",
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.GRUCell(4, 8)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for sequence, target in loader:
                hidden = torch.zeros(16, 8)
                for inputs in sequence:
                    hidden = model(inputs, hidden)
                optimizer.zero_grad()
                nn.functional.mse_loss(hidden, target).backward()
                optimizer.step()
            """,
            because="one backward pass goes through the whole sequence",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports networks that are given the used-up graph of an earlier batch."""
        for run, carried, backward in undetached_states(program):
            yield Sighting(
                carried.node,
                "a state of the previous pass is used here with its graph, which a backward pass has gone through already",
                ((backward.node, "this backward pass has used the graph up"),),
                confidence=run.confidence,
                fix=_cures(run, carried),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the calls that are given the used-up graph of an earlier one."""
        for forward in observation.forwards:
            measured = f"{forward.carried} of {forward.calls} calls were given a state with the graph of an earlier batch"
            if forward.carried:
                message = "a state of the previous pass is used here with its graph, which a backward pass has gone through already"
                yield confirmed(
                    forward.place, measured, threshold="any", source=EXACT, value=forward.carried / forward.calls, message=message
                )
            elif forward.trained > 1:
                yield not_reproduced(forward.place, measured, threshold="any", source=EXACT, value=0.0)


def _cures(run: Run, carried: Carried) -> tuple[Cure, ...]:
    """The state without its graph, where the network is given one in every pass: nothing but a tensor can be detached."""
    call = carried.node
    passes = [forward for forward in run.of(Forward) if forward.node is call]
    if not isinstance(call, ir.Call) or not passes or any(each.star or each.keyword for each in call.arguments):
        return ()
    for place, *states in zip((each.value for each in call.arguments), *(forward.inputs for forward in passes), strict=False):
        single = carried.value in states and all(isinstance(each, Tensor) for each in states)
        pair = all(isinstance(each, Sequence) and not each.open for each in states)
        if single or (pair and any(carried.value in each.items for each in states if isinstance(each, Sequence))):
            code = (place, ".detach()") if single else ("tuple(state.detach() for state in ", place, ")")
            return (
                Cure("Detach the state from the batch before", (Replace(place, code),), "the program fails, or slows down, without it"),
            )
    return ()
