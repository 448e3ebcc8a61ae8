"""TL320."""

from collections.abc import Iterator

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.events import Discarded
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir


class DiscardedResult(Rule):
    """
    A tensor operation stands as a statement, and nobody gets its result.

    ## What it checks

    A method or function that returns a new tensor and leaves the old one as it is (`to`, `detach`, `view`, `clamp`, `F.relu`,
    `F.dropout`) is called as a statement of its own.

    ## Why it matters

    The statement does nothing. The tensor stays on its device, keeps its graph or its shape, and the dropout or activation that
    the code shows is not there.

    ## When it stays silent

    For methods that work in place (`clamp_`), with `out=`, for `Module.to`, which does work in place; for numbers (`item`), which
    wait for the device; for plain arithmetic functions, which benchmarks call for nothing; outside of functions and loops, where
    it may be the last row of a notebook's cell. What nothing in sight shows to be a tensor is not judged.

    ## How to fix it

    Assign the result: `x = x.to(device)`; or use the method that works in place, where there is one.

    ## References

    - PyTorch: [Tensor.to](https://pytorch.org/docs/stable/generated/torch.Tensor.to.html)
    """

    code = "TL320"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 2)

                def forward(self, x):
                    x = self.hidden(x)
                    F.relu(x)  # <- here
                    return self.output(x)
            """,
            fixed="""
            import torch
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 2)

                def forward(self, x):
                    x = self.hidden(x)
                    x = F.relu(x)
                    return self.output(x)
            """,
        ),
        Bad(
            """
            import torch
            from torch import nn

            rnn = nn.GRU(8, 8)
            state = torch.zeros(1, 4, 8)
            for _ in range(100):
                output, state = rnn(torch.randn(5, 4, 8), state)
                output.sum().backward()
                state.detach()  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            rnn = nn.GRU(8, 8)
            state = torch.zeros(1, 4, 8)
            for _ in range(100):
                output, state = rnn(torch.randn(5, 4, 8), state)
                output.sum().backward()
                state = state.detach()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            rnn = nn.GRU(8, 8)
            state = torch.zeros(1, 4, 8)
            for _ in range(100):
                output, state = rnn(torch.randn(5, 4, 8), state)
                output.sum().backward()
                state.detach_()
            """,
            because="the underscore means in place",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the statements."""
        for run, event in program.each(Discarded):
            message = f"the result of `{event.operation}` is lost: it does not work in place"
            yield Sighting(event.node, message, confidence=run.confidence, fix=_cures(event))


def _cures(event: Discarded) -> tuple[Cure, ...]:
    """The result is given the name of what it was computed from."""
    call, subject = event.node, event.subject
    if not isinstance(call, ir.Call) or not isinstance(subject, ir.Name | ir.Attribute):
        return ()
    return (Cure("Keep the result", (Replace(call, (subject, " = ", call)),), "the program does something else, as it is meant to"),)
