"""TL602."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.modes import without_graph
from trainlint.findings import Applicability, Category, Confidence
from trainlint.program.evaluation import FirstInLoop, evaluations, keeps_graph
from trainlint.program.events import Answer, GradMode
from trainlint.program.fixed_sets import is_drawn
from trainlint.program.networks import has_parameters
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class EvaluationBuildsGraph(Rule):
    """
    An evaluation records every operation for a backward pass that never comes.

    ## What it checks

    A forward pass over data that is not trained on, whose result is scored and reaches no backward pass, while gradients
    are being recorded on every path.

    ## Why it matters

    Each batch builds a graph that holds all activations: evaluation takes several times the memory that it needs, and
    where results are collected over the loop, memory grows until it runs out.

    ## When it stays silent

    When gradients are needed (saliency, attacks, gradient penalties), under `no_grad()`, `inference_mode()` or
    `set_grad_enabled(False)` anywhere around the loop, as a decorator too; for a network without parameters that require a
    gradient; and where the surroundings cannot be followed.

    ## How to fix it

    Put the loop under `with torch.no_grad():`, or decorate the function.

    ## References

    - PyTorch: [no_grad](https://pytorch.org/docs/stable/generated/torch.no_grad.html)
    """

    code = "TL602"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Linear(8, 2)
            model.eval()
            correct = 0
            for inputs, labels in test_loader:
                outputs = model(inputs)  # <- here
                correct += (outputs.argmax(1) == labels).sum().item()
            """,
            fixed="""
            from torch import nn
            import torch

            model = nn.Linear(8, 2)
            model.eval()
            correct = 0
            with torch.no_grad():
                for inputs, labels in test_loader:
                    outputs = model(inputs)
                    correct += (outputs.argmax(1) == labels).sum().item()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            @torch.no_grad()
            def evaluate(model, loader):
                model.eval()
                correct = 0
                for inputs, labels in loader:
                    correct += (model(inputs).argmax(1) == labels).sum().item()
                return correct

            evaluate(nn.Linear(8, 2), test_loader)
            """,
            because="the decorator switches recording off",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the first evaluation forward in a loop with gradients recorded on every path: one `no_grad()` is missing there."""
        first = FirstInLoop()
        for run, forward in evaluations(program):
            recorded = forward.grad == {GradMode.ON} and keeps_graph(forward) and is_drawn(forward)
            if not recorded or forward.frozen or has_parameters(forward.module) is Answer.NO or not first(forward):
                continue
            yield Sighting(
                forward.node,
                "the evaluation records a graph for a backward pass that never comes: it is not under `no_grad()`",
                confidence=run.confidence,
                fix=tuple(
                    Cure("Evaluate under `no_grad()`", changes, _REASON, _applicability(run)) for changes in without_graph(program, forward)
                ),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether the outputs of an evaluation carry a graph."""
        for forward in observation.forwards:
            if forward.evaluations:
                measured = f"{forward.with_graph} of {forward.evaluations} evaluation passes recorded a graph"
                if forward.with_graph:
                    message = "this evaluation records a graph that nobody uses"
                    yield confirmed(
                        forward.place, measured, threshold="any", source=EXACT, value=float(forward.with_graph), message=message
                    )
                else:
                    yield not_reproduced(forward.place, measured, threshold="any", source=EXACT, value=0.0)


_REASON = "the values are the same, and only a graph that nobody uses is not built"


def _applicability(run: Run) -> Applicability:
    """Whoever calls a function that nobody in sight calls might want the graph."""
    return Applicability.SAFE if run.confidence is Confidence.HIGH else Applicability.UNSAFE
