"""Questions about weights that are kept: whether they are what they were when training goes on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.program.events import Answer, Step, WeightsUsed
from trainlint.program.gradients import covers
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Either, Value, Weights

if TYPE_CHECKING:
    from trainlint.source import ir


def moved_on(program: TrainingProgram) -> Iterator[tuple[Run, Weights, WeightsUsed, Step]]:
    """The state dicts that are loaded or saved after a step has changed what is in them."""
    seen: set[ir.Node] = set()
    for run in program.runs:
        for used in run.of(WeightsUsed):
            for weights in _options(used.weights):
                if weights.node in seen:
                    continue
                step = next(
                    (
                        step
                        for step in run.of(Step)
                        if weights.taken <= step.index < used.index and covers(weights.module, step.optimizer) is Answer.YES
                    ),
                    None,
                )
                if step is not None:
                    seen.add(weights.node)
                    yield run, weights, used, step


def _options(value: Value | None) -> list[Weights]:
    return [option for option in (value.options if isinstance(value, Either) else (value,)) if isinstance(option, Weights)]
