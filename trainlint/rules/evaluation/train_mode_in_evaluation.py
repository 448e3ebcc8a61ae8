"""TL603."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category, Confidence
from trainlint.program.evaluation import evaluations, switched_for_evaluation
from trainlint.program.events import Answer, ModeSet
from trainlint.program.networks import holds
from trainlint.program.receivers import receiver_of
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class TrainModeInEvaluation(Rule):
    """
    A network is switched to training mode in the middle of its evaluation.

    ## What it checks

    An evaluation whose network is in training mode because `train()` is called inside of the evaluation's loop, or
    between the `eval()` that was meant for it and the first output.

    ## Why it matters

    Dropout drops and BatchNorm normalizes by the batch, and learns its statistics from the evaluation data. Scores are
    worse than the network is, differ from run to run, and the data leak into the network.

    ## When it stays silent

    When the network certainly holds no dropout and no BatchNorm; when `train()` was called for a training that came
    before or comes after: that is `evaluation-in-train-mode`; for what is no evaluation: re-estimating BatchNorm,
    sampling, Monte Carlo dropout whose outputs are averaged over passes. A network whose layers are not in sight is taken
    to hold one of the two, since somebody switches its mode.

    ## How to fix it

    Call `eval()` there instead, and `train()` when the training goes on.

    ## References

    - PyTorch: [Module.eval](https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval)
    """

    code = "TL603"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            model.eval()
            correct = 0
            with torch.no_grad():
                for inputs, labels in test_loader:
                    model.train()  # <- here
                    correct += (model(inputs).argmax(1) == labels).sum().item()
            print(correct)
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            model.eval()
            correct = 0
            with torch.no_grad():
                for inputs, labels in test_loader:
                    model.eval()
                    correct += (model(inputs).argmax(1) == labels).sum().item()
            print(correct)
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            correct = 0
            with torch.no_grad():
                for inputs, labels in test_loader:
                    model.eval()
                    correct += (model(inputs).argmax(1) == labels).sum().item()
            model.train()
            print(correct)
            """,
            because="the network is in evaluation mode whenever it is evaluated",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the switches that put a network into training mode for its evaluation."""
        seen = set()
        for run, forward in evaluations(program):
            setter = switched_for_evaluation(run, forward)
            if setter is None or setter.node in seen or forward.module is None or forward.mixed:
                continue
            answer, layer = holds(forward.module)
            if answer is Answer.NO:
                continue
            seen.add(setter.node)
            evidence = [(forward.node, "it is evaluated here")]
            if layer is not None:
                evidence.append((layer.node, "this layer behaves differently in training mode"))
            yield Sighting(
                setter.node,
                "the network is switched to training mode for its evaluation",
                tuple(evidence),
                confidence=run.confidence if answer is Answer.YES else Confidence.MEDIUM,
                fix=_cures(setter),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at what comes after each switch to training mode."""
        for switch in observation.switches:
            if not switch.mode or not switch.calls:
                continue
            share = switch.evaluations_first / switch.calls
            measured = f"{switch.evaluations_first} of {switch.calls} switches to training mode here come right before an evaluation"
            place = next((call.place for call in observation.forwards if call.network == switch.network and call.in_train_mode), None)
            if share > 0.5 and place is not None:
                yield confirmed(
                    switch.place,
                    measured,
                    threshold="more than half of them",
                    source=EXACT,
                    value=share,
                    message="the network is switched to training mode for its evaluation",
                    related=((place, "it is evaluated here"),),
                )
            elif not switch.evaluations_first:
                yield not_reproduced(switch.place, measured, threshold="more than half of them", source=EXACT, value=0.0)


def _cures(setter: ModeSet) -> tuple[Cure, ...]:
    """`eval()` in the place of `train()`."""
    network, call = receiver_of(setter), setter.node
    if network is None or not isinstance(call, ir.Call) or not isinstance(call.function, ir.Attribute) or call.function.attr != "train":
        return ()
    return (Cure("Switch to evaluation mode", (Replace(call, (network, ".eval()")),), "the scores change, as they are meant to"),)
