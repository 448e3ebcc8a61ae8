"""TL601."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.modes import evaluated_in_place
from trainlint.findings import Category
from trainlint.program.evaluation import evaluations, mode_layer, modes, switched_for_evaluation
from trainlint.program.events import Mode
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class EvaluationInTrainMode(Rule):
    """
    A network is evaluated with dropout and batch normalization in training mode.

    ## What it checks

    A forward pass over data that is not trained on, whose result is scored, through a network that holds Dropout or
    BatchNorm layers and is in training mode on every path: nothing on the way called `eval()`.

    ## Why it matters

    Dropout goes on zeroing at random, so scores are noisy and too low. BatchNorm normalizes by the statistics of each
    evaluation batch, so a score depends on how the data are batched, and moves its running statistics towards the
    evaluation data.

    ## When it stays silent

    When the network holds neither kind of layer, or its contents are not known; when `eval()` or `train(False)` may have
    been called; when a framework runs the evaluation; when one batch goes through several times on purpose (Monte Carlo
    dropout); for accuracy on the training data.

    ## How to fix it

    Call `model.eval()` before the evaluation, and `model.train()` before training goes on.

    ## References

    - PyTorch: [Module.eval](https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval)
    """

    code = "TL601"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn, no_grad

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            correct = 0
            with no_grad():
                for inputs, labels in test_loader:
                    outputs = model(inputs)  # <- here
                    correct += (outputs.argmax(1) == labels).sum().item()
            print(correct)
            """,
            fixed="""
            from torch import nn, no_grad

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            correct = 0
            model.eval()
            with no_grad():
                for inputs, labels in test_loader:
                    outputs = model(inputs)
                    correct += (outputs.argmax(1) == labels).sum().item()
            print(correct)
            """,
        ),
        Good(
            """
            from torch import nn, no_grad

            model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            model.eval()
            correct = 0
            with no_grad():
                for inputs, labels in test_loader:
                    outputs = model(inputs)
                    correct += (outputs.argmax(1) == labels).sum().item()
            print(correct)
            """,
            because="the network is in evaluation mode",
        ),
        Good(
            """
            from torch import nn, no_grad

            model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
            with no_grad():
                for inputs, labels in test_loader:
                    print((model(inputs).argmax(1) == labels).float().mean())
            """,
            because="no layer of this network depends on the mode",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports an evaluation forward in training mode through a network that certainly depends on the mode."""
        for run, forward in evaluations(program):
            if forward.mixed or modes(forward) != {Mode.TRAIN} or switched_for_evaluation(run, forward):
                continue
            layer = mode_layer(forward)
            if layer is None:
                continue
            evidence = [(layer.node, "this layer behaves differently in training mode")]
            evidence += [(event.node, "the network is put into training mode here") for _, event in forward.modes if event is not None]
            yield Sighting(
                forward.node,
                "the network is evaluated in training mode: nothing on the way here calls `eval()`",
                tuple(evidence),
                confidence=run.confidence,
                fix=tuple(Cure(_TITLE, changes, _REASON) for changes in evaluated_in_place(program, run, forward)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at the mode of Dropout and BatchNorm in each evaluation."""
        for forward in observation.forwards:
            if not forward.evaluations:
                continue
            active = [observation.layers[index] for index in forward.active_layers]
            if not forward.in_train_mode:
                measured = f"none of {forward.evaluations} evaluation passes ran with Dropout or BatchNorm in training mode"
                yield not_reproduced(forward.place, measured, threshold="any", source=EXACT, value=0.0)
                continue
            names = ", ".join(f"`{layer.name}`" for layer in active[:3]) or "a layer"
            measured = f"{forward.in_train_mode} of {forward.evaluations} evaluation passes ran with {names} in training mode"
            if forward.mode_difference is not None:
                measured += f"; it moves the outputs by {forward.mode_difference:.2f} of their spread"
                measured += f" and {forward.decision_flips or 0:.0%} of the decisions"
            yield confirmed(
                forward.place,
                measured,
                threshold="any",
                source=EXACT,
                value=forward.mode_difference,
                message="the network is evaluated in training mode",
                related=tuple((layer.constructed, "it behaves differently in training mode") for layer in active[:3] if layer.constructed),
            )


_TITLE = "Evaluate in evaluation mode"
_REASON = "the scores change, and with batch normalization the running statistics, as they are meant to"
