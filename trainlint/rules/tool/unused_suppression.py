"""TL004."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting


class UnusedSuppression(Rule):
    """A suppression comment suppresses nothing.

    ## What it checks

    Whether each `# trainlint: …` comment, and each code of trainlint's in a `# noqa: …`, keeps at least one finding from being
    shown. A word in it that names no rule is reported as well.

    ## Why it matters

    A comment that outlives its finding says that something is wrong where nothing is. It also hides the fault when it comes
    back, which nobody has decided then.

    ## When it stays silent

    About rules that are off, about codes of other linters, about a bare `# noqa`, and in a file that does not parse or whose
    training loops could not all be followed: there the finding may only be out of sight.

    ## How to fix it

    Remove the comment, or the code that is not needed; `trainlint check --fix` does it.

    ## References

    - Ruff: [unused-noqa (RUF100)](https://docs.astral.sh/ruff/rules/unused-noqa/)
    """

    code = "TL004"
    category = Category.ADVICE
    since = "0.1"
    examples = (
        Bad(
            """
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # trainlint: ignore[TL501] gradients are summed on purpose # <- here
""",
            fixed="""
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
""",
        ),
        Good(
            """
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # trainlint: ignore[TL501] gradients are summed on purpose
""",
            because="there is something to suppress",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: a comment is in no abstract run; `engine.suppression` reports it."""
        del program
        return iter(())
