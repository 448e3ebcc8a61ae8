"""TL401."""

from collections.abc import Iterator
from math import inf, isnan
from types import MappingProxyType
from typing import TYPE_CHECKING

from trainlint.cures.changes import Change, Code, Cure, InsertBefore, Named
from trainlint.findings import Category
from trainlint.knowledge.facts import Role
from trainlint.measures import EXPLOSION, EXPLOSION_SOURCE, explosion, typical
from trainlint.program.clipping import UnclippedStep, unclipped_steps
from trainlint.program.events import Forward, Unscale
from trainlint.program.receivers import network_of, optimizer_of
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Optimizer
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation


class MissingGradientClipping(Rule):
    """
    Gradients that can explode are not clipped.

    ## What it checks

    A program that clips nowhere, and steps on gradients that came through a recurrent network, a transformer that is trained
    from scratch, a deep network without normalization at a large learning rate, or fp16 scaling. The same weights applied twenty
    times or more are recurrent, too. It is advice, except where explosion is likely: recurrence with SGD at a learning rate of 0.1
    or more or an Adam kin at 0.01 or more, and fp16 scaling with recurrence or attention. The options `sgd-learning-rate` and
    `adam-learning-rate` move these two limits.

    ## Why it matters

    A gradient through many applications of the same weights can grow exponentially with their number. One such step throws the
    weights far away, and the run ends in NaN or starts anew from a bad place.

    ## When it stays silent

    When anything clips (`clip_grad_norm_`, `clip_grad_value_`, arguments of Trainer, Lightning, accelerate, hooks that clamp);
    when a call that cannot be followed gets the optimizer or the network between backward and step; for pretrained networks.

    ## How to fix it

    Call `torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)` between `backward()` and `step()` (after `scaler.unscale_`).

    ## References

    - Pascanu, Mikolov, Bengio: [On the difficulty of training recurrent neural networks](https://arxiv.org/abs/1211.5063)
    """

    code = "TL401"
    category = Category.SUSPICIOUS
    since = "0.1"
    options = MappingProxyType({"sgd-learning-rate": 0.1, "adam-learning-rate": 1e-2})
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            class Tagger(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.lstm = nn.LSTM(16, 32, batch_first=True)
                    self.head = nn.Linear(32, 5)

                def forward(self, x):
                    states, _ = self.lstm(x)
                    return self.head(states)

            model = Tagger()
            optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs).flatten(0, 1), labels.flatten()).backward()
                optimizer.step()  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            class Tagger(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.lstm = nn.LSTM(16, 32, batch_first=True)
                    self.head = nn.Linear(32, 5)

                def forward(self, x):
                    states, _ = self.lstm(x)
                    return self.head(states)

            model = Tagger()
            optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs).flatten(0, 1), labels.flatten()).backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.LSTM(16, 32, batch_first=True)
            optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
            for inputs, targets in loader:
                optimizer.zero_grad()
                outputs, _ = model(inputs)
                nn.functional.mse_loss(outputs, targets).backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            """,
            because="gradients are clipped before the step",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports unclipped steps on gradients that came through recurrence, attention or fp16 scaling."""
        for unclipped in unclipped_steps(program):
            recurrent = unclipped.first(Role.RECURRENT) or unclipped.repeated
            attention = unclipped.first(Role.TRANSFORMER, Role.ATTENTION)
            limit = self.option.get(f"{unclipped.family}-learning-rate")
            fast = isinstance(limit, float | int) and (unclipped.learning_rate or 0.0) >= limit
            plain = unclipped.layers[0] if fast and unclipped.deep_and_plain else None
            scaled = unclipped.layers[0] if unclipped.scaled and unclipped.layers else None
            layer = recurrent or attention or plain or scaled
            if layer is None:
                continue
            grave = (fast and recurrent is not None) or (unclipped.scaled and (recurrent or attention) is not None)
            what = (
                "a recurrent network"
                if recurrent
                else "a transformer"
                if attention
                else "a deep network without normalization"
                if plain
                else "fp16 training"
            )
            yield Sighting(
                unclipped.step.node,
                f"the gradients of {what} are not clipped before this step",
                ((layer.defined or layer.node, "gradients come through this layer"),),
                category=None if grave else Category.ADVICE,
                confidence=unclipped.run.confidence,
                fix=tuple(_cures(unclipped)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Watches the norm of the gradients before clipping, against that of the steps before."""
        recurrent = any(layer.recurrent for layer in observation.layers)
        for optimizer in observation.optimizers:
            norms = optimizer.gradient_norms
            if not norms or optimizer.clips == optimizer.steps:
                continue
            burst = explosion(norms)
            if burst is not None:
                yield confirmed(
                    optimizer.stepped,
                    _in_words(norms, *burst),
                    threshold=EXPLOSION,
                    source=EXPLOSION_SOURCE,
                    value=burst[1],
                    message="the gradients explode, and nothing clips them before this step" if recurrent else None,
                )
            elif len(norms) >= 30 and max(norms) < 1 and not recurrent:
                yield not_reproduced(
                    optimizer.stepped,
                    f"the gradient norm stays below {number(max(norms))} for {len(norms)} steps",
                    threshold=EXPLOSION,
                    source=EXPLOSION_SOURCE,
                    value=max(norms),
                )
            else:
                reason = "no explosion within these steps; one may come later"
                measured = f"the gradient norm stays below {number(max(norms))} for {len(norms)} steps"
                yield inconclusive(optimizer.stepped, reason, measured=measured, threshold=EXPLOSION, source=EXPLOSION_SOURCE)


def _in_words(norms: tuple[float, ...], step: int, factor: float) -> str:
    """What happened to the norm; people count steps from 1."""
    before = norms[max(0, step - 10) : step]
    if factor < inf:
        return f"at step {step + 1} the gradient norm grows {factor:,.0f} times the median of the steps before ({number(norms[step])})"
    became = "stopped being a number (nan)" if isnan(norms[step]) else "became infinite"
    median = typical(before)
    return f"the gradient {became} at step {step + 1}" + (
        "" if median is None else f"; the median norm of the steps before is {number(median)}"
    )


def _cures(unclipped: UnclippedStep) -> Iterator[Cure]:
    """Clips the gradients of the network, or of whatever the optimizer holds, right before the step."""
    step, optimizer = unclipped.step, optimizer_of(unclipped.step)
    if optimizer is None or not isinstance(step.optimizer, Optimizer) or not isinstance(step.node, ir.Call):
        return
    clip = Named("torch.nn.utils.clip_grad_norm_", imported=True)
    unscaling: tuple[Change, ...] = ()
    if unclipped.scaled:
        scaler = step.node.function.value if isinstance(step.node.function, ir.Attribute) else None
        if scaler is None or scaler is optimizer:
            return
        unscaled = any(event.optimizer is step.optimizer for event in unclipped.run.of(Unscale))
        unscaling = () if unscaled else (InsertBefore(step.node, (scaler, ".unscale_(", optimizer, ")")),)
    held = step.optimizer.parameters.modules if step.optimizer.parameters is not None else frozenset()
    forwards = unclipped.backward.loss.deps if unclipped.backward.loss is not None else frozenset()
    networks = [network_of(each) for each in forwards if type(each) is Forward and held == {each.module}]
    parameters: list[Code] = [(network, ".parameters()") for network in networks if network is not None]
    parameters.append(("[p for group in ", optimizer, '.param_groups for p in group["params"]]'))
    for each in parameters:
        code = (clip, "(", *(each if isinstance(each, tuple) else (each,)), ", 1.0)")
        reason = "the training result changes where a gradient is larger; 1.0 is a common limit, not a measured one"
        yield Cure("Clip the gradients before the step", (*unscaling, InsertBefore(step.node, code)), reason)
