"""TL003."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting


class InternalError(Rule):
    """A part of trainlint failed on a file.

    ## What it checks

    Whether each rule, and the abstract run that the rules ask about, came to its end. The finding names the part that failed.
    Everything else is still reported, and the exit status is 2.

    ## Why it matters

    It is a mistake in trainlint, not in the program. What the failed part would have found is missing from the report, so the
    file must not count as checked.

    ## When it stays silent

    It cannot be switched off: a report that hides a failure looks like a clean one.

    ## How to fix it

    Report it, with the traceback that `trainlint check --verbose` prints and the smallest program that still shows it. To go on
    at once, leave the rule that failed out with `--ignore`.

    ## References

    None.
    """

    code = "TL003"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Good(
            """
import torch

model = torch.nn.Linear(4, 2)
""",
            because="every rule came to its end",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: a rule cannot see its own failure; `engine.analysis` reports it."""
        del program
        return iter(())
