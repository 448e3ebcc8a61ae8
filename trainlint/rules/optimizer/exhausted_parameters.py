"""TL416."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.events import Exhausted
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.source.walk import descendants
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


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
    a branch; when the method is one of the user's own, which may return a list. Where an iterator is handed to a call that
    cannot be followed, it is not known to be used up there.

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
            """,
            fixed="""
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
                fix=_cures(program, exhausted),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the clips that get no parameters at all."""
        for clip in observation.clips:
            measured = f"{clip.empty} of {clip.calls} clips here got no parameters"
            if clip.empty:
                message = "nothing is left in these parameters: the clip changes nothing"
                yield confirmed(clip.place, measured, threshold="any", source=EXACT, value=clip.empty / clip.calls, message=message)
            else:
                yield not_reproduced(clip.place, measured, threshold="any", source=EXACT, value=0.0)


def _cures(program: TrainingProgram, exhausted: Exhausted) -> tuple[Cure, ...]:
    """A list in the place of the iterator, where the variable or attribute that holds it is assigned in one place of the program."""
    call = exhausted.node
    used = call.arguments[0].value if isinstance(call, ir.Call) and call.arguments else None
    bodies = [file.body for file in program.files.values()] if isinstance(used, ir.Attribute) else []
    if isinstance(used, ir.Name) and (file := program.files.get(used.chunk.path)) is not None:
        bodies = [file.body]
    assigned = [
        node.value
        for body in bodies
        for node in descendants(body)
        if isinstance(node, ir.Assign) and any(used is not None and _is_same(target, used) for target in node.targets)
    ]
    if len(assigned) != 1 or not isinstance(assigned[0], ir.Call):
        return ()
    change = Replace(assigned[0], ("list(", assigned[0], ")"))
    return (Cure("Keep the parameters in a list", (change,), "the training result changes, as it is meant to"),)


def _is_same(target: ir.Expr, used: ir.Expr) -> bool:
    if isinstance(target, ir.Name) and isinstance(used, ir.Name):
        return target.id == used.id
    return isinstance(target, ir.Attribute) and isinstance(used, ir.Attribute) and target.attr == used.attr
