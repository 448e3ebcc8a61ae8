"""TL416."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.program.events import Exhausted
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting


class ExhaustedParameters(Rule):
    """
    What `parameters()` returned is used a second time, when nothing is left in it.

    ## What it checks

    One iterator over parameters (`model.parameters()` kept in a variable, `filter` or `chain` over it) that is drawn
    empty twice: by an optimizer, a clip, a loop, `list` and the like.

    ## Why it matters

    `parameters()` is a generator. After the first use it is empty: the clip clips nothing, the loop freezes nothing, and
    none of them says so. Only an optimizer complains about an empty list.

    ## When it stays silent

    When the parameters are kept as a list; when each use asks for `parameters()` anew; when the uses are on two sides of
    a branch; when the method is one of the user's own, which may return a list.

    ## How to fix it

    Keep `list(model.parameters())`.

    ## References

    - PyTorch: [Module.parameters](https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.parameters)
    """

    code = "TL416"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            parameters = model.parameters()
            optimizer = torch.optim.SGD(parameters, lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                nn.utils.clip_grad_norm_(parameters, 1.0)  # <- here
                optimizer.step()
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            parameters = list(model.parameters())
            optimizer = torch.optim.SGD(parameters, lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
            """,
            because="a list can be gone through any number of times",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports uses of iterators over parameters that are empty."""
        seen = set()
        for run, exhausted in program.each(Exhausted):
            if exhausted.node in seen or exhausted.earlier is None:
                continue
            seen.add(exhausted.node)
            before = "in the pass before" if exhausted.earlier is exhausted.node else "here"
            yield Sighting(
                exhausted.node,
                "nothing is left in these parameters: they are an iterator that was gone through before",
                ((exhausted.earlier, f"it is gone through {before}"),),
                confidence=run.confidence,
            )
