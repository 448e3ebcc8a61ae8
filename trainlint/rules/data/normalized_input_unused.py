"""TL111."""

from collections.abc import Iterator

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.events import Unread
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir


class NormalizedInputUnused(Rule):
    """
    A normalized copy is computed, and the raw value is used.

    ## What it checks

    In a function, a variable is given `(x - a) / b`, `x / 255` of raw pixels, or what a normalization makes of `x`; nothing reads
    that variable; and `x` is handed on afterwards.

    ## Why it matters

    The code says that the input is normalized, and the network gets raw values. It still learns something, so that nobody looks.

    ## When it stays silent

    When the variable is read anywhere, also in a function inside; when `x` is assigned anew, or is not used after that. A
    copy that is kept as an attribute or in a container is not followed.

    ## How to fix it

    Hand on the normalized variable.

    ## References

    - Zhang et al.: The Unreasonable Effectiveness of Deep Features as a Perceptual Metric; the first release of its code had this fault
    """

    code = "TL111"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self, mean, std):
                    super().__init__()
                    self.mean, self.std = mean, std
                    self.conv = nn.Conv2d(3, 8, 3)

                def forward(self, x):
                    scaled = (x - self.mean) / self.std
                    return self.conv(x)  # <- here
            """,
            fixed="""
            from torch import nn

            class Net(nn.Module):
                def __init__(self, mean, std):
                    super().__init__()
                    self.mean, self.std = mean, std
                    self.conv = nn.Conv2d(3, 8, 3)

                def forward(self, x):
                    scaled = (x - self.mean) / self.std
                    return self.conv(scaled)
            """,
        ),
        Good(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self, mean, std):
                    super().__init__()
                    self.mean, self.std = mean, std
                    self.conv = nn.Conv2d(3, 8, 3)

                def forward(self, x):
                    scaled = (x - self.mean) / self.std
                    return self.conv(scaled)
            """,
            because="the normalized copy is used",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the call that is given the raw value."""
        for run, event in program.each(Unread):
            message = f"the raw value is used here, and nothing reads `{event.variable}`, its normalized copy"
            evidence = ((event.node, "it is normalized here"),)
            yield Sighting(event.raw or event.node, message, evidence, confidence=run.confidence, fix=_cures(event))


def _cures(event: Unread) -> tuple[Cure, ...]:
    """The normalized copy in the place of the raw value."""
    if not isinstance(event.raw, ir.Name):
        return ()
    return (Cure("Use the normalized copy", (Replace(event.raw, event.variable),), "the training result changes, as it is meant to"),)
