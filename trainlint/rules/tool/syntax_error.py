"""TL001."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting


class SyntaxError(Rule):  # noqa: A001 - named as its rule
    """A file does not parse.

    ## What it checks

    Whether the file is Python. It is reported once, where Python would stop reading, and the rest of the file is checked all
    the same.

    ## Why it matters

    Python will not run the file. While it stays like this, trainlint sees less of the program: what the broken statement does
    counts as unknown, and rules about something that is missing say nothing about the function that it stands in.

    ## When it stays silent

    In a file that neither mentions a training library nor imports code that does: trainlint does not parse such a file.
    Commands of a notebook (`%matplotlib inline`, `!pip install …`, and `cd data`, as IPython takes it) are no errors.

    ## How to fix it

    Correct the statement at the place reported, or the one before it: a bracket that is never closed is often noticed later.
    Code for Python 2 has to be converted first.

    ## References

    - [The Python language reference](https://docs.python.org/3/reference/)
    """

    code = "TL001"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
import torch

def train(model, loader, optimizer):
    for x, y in loader  # <- here
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
"""
        ),
        Good(
            """
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
""",
            because="every statement parses",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: a place that does not parse is in no abstract run; `engine.analysis` reports it."""
        del program
        return iter(())
