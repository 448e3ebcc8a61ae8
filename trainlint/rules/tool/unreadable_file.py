"""TL002."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting


class UnreadableFile(Rule):
    """A file cannot be read as text.

    ## What it checks

    Whether each file to be checked can be opened, is not too large, and is text in the encoding that it declares (UTF-8 where
    it declares none).

    ## Why it matters

    Nothing in the file was checked. A report without findings would look as if it had been.

    ## When it stays silent

    About files that were not asked for: a module that a checked file imports and that cannot be read counts as unknown. A path
    that does not exist at all is an error of the command line instead.

    ## How to fix it

    Make the file readable, save it as UTF-8 or declare its encoding in its first line (`# -*- coding: latin-1 -*-`), or leave
    the file out of the paths to check.

    ## References

    - [PEP 263, source code encodings](https://peps.python.org/pep-0263/)
    """

    code = "TL002"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Good(
            """
# -*- coding: utf-8 -*-
import torch

größe = torch.zeros(3)
""",
            because="the text is in the encoding that it declares",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: a file that cannot be read is in no abstract run; `engine.analysis` reports it."""
        del program
        return iter(())
