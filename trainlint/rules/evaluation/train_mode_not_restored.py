"""TL604."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Change, Cure, InsertAtTop, InsertBefore
from trainlint.findings import Category
from trainlint.program.events import Answer, Forward, Mode, ModeSet
from trainlint.program.networks import holds
from trainlint.program.receivers import network_of
from trainlint.program.run import shared_loop
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class TrainModeNotRestored(Rule):
    """
    A network goes into evaluation mode inside the training loop and is trained on in that mode.

    ## What it checks

    A training forward pass that meets, on some path, the `eval()` of an earlier pass of a loop around both.

    ## Why it matters

    From the second epoch on dropout does not drop, and BatchNorm normalizes by running statistics that no longer move:
    the network is trained as a different one from the one that was meant, and overfits.

    ## When it stays silent

    When `train()` is called on every path before the next training pass, also in a `finally` or as
    `model.train(was_training)`; when a part of the network is in another mode than the rest (frozen BatchNorm, a head
    that alone is put back into training mode); when
    `eval()` is called at the top of the same pass on purpose; when the mode is not known, because a call that cannot be
    followed was given the network.

    ## How to fix it

    Call `model.train()` at the top of each epoch, or right after the evaluation.

    ## References

    - PyTorch: [Module.train](https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.train)
    """

    code = "TL604"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            model.train()
            for epoch in range(10):
                for inputs, labels in train_loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()  # <- here
                    optimizer.step()
                model.eval()
                with torch.no_grad():
                    for inputs, labels in test_loader:
                        print((model(inputs).argmax(1) == labels).float().mean())
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            model.train()
            for epoch in range(10):
                model.train()
                for inputs, labels in train_loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                model.eval()
                with torch.no_grad():
                    for inputs, labels in test_loader:
                        print((model(inputs).argmax(1) == labels).float().mean())
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(10):
                model.train()
                for inputs, labels in train_loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                model.eval()
                with torch.no_grad():
                    for inputs, labels in test_loader:
                        print((model(inputs).argmax(1) == labels).float().mean())
            """,
            because="each epoch begins with `train()`",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports a training forward that an `eval()` of an earlier pass may reach."""
        for run, forward in program.each(Forward):
            if not forward.trained or forward.mixed or forward.module is None or any(mode is Mode.UNKNOWN for mode, _ in forward.modes):
                continue
            left = next((event for mode, event in forward.modes if mode is Mode.EVAL and _is_left_over(event, forward)), None)
            if left is None:
                continue
            harmless = holds(forward.module)[0] is Answer.NO
            so_far = ", though none of its layers depends on the mode so far" if harmless else ""
            yield Sighting(
                forward.node,
                f"the network is trained in evaluation mode: `eval()` of an earlier pass of the loop is not undone{so_far}",
                ((left.node, "evaluation mode is set here"),),
                confidence=run.confidence,
                fix=tuple(_cures(left, forward)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the training passes after an evaluation that still ran in evaluation mode."""
        if not any(forward.evaluations for forward in observation.forwards):
            return
        for forward in observation.forwards:
            if forward.trained:
                late = forward.trained_in_eval_mode
                measured = f"{late} of {forward.trained} training passes ran in evaluation mode after an evaluation"
                if late:
                    yield confirmed(
                        None,
                        measured,
                        threshold="any",
                        source=EXACT,
                        value=float(late),
                        message="the network is trained in evaluation mode after the first evaluation",
                        related=((forward.place, "this pass"),),
                    )
                elif observation.trained_after_evaluation:
                    yield not_reproduced(None, measured, threshold="any", source=EXACT, value=0.0)


def _is_left_over(event: ModeSet | None, forward: Forward) -> bool:
    return event is not None and shared_loop(event, forward) is not None


def _cures(left: ModeSet, forward: Forward) -> Iterator[Cure]:
    """Back to training mode at the top of the loop that both are in, else before the loop that trains, else before the pass itself."""
    network = network_of(forward)
    passes = shared_loop(left, forward)
    if network is None or passes is None:
        return
    train = (network, ".train()")
    loop, inner = passes[1].loop, forward.loops[-1].loop
    changes: list[Change] = [InsertAtTop(loop.node, train)]
    if inner is not loop and not inner.virtual:
        changes.append(InsertBefore(inner.node, train))
    changes.append(InsertBefore(forward.node, train))
    for change in changes:
        yield Cure("Go back to training mode", (change,), "the training result changes, as it is meant to")
