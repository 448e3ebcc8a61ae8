"""Questions about inputs: how the data that reach a network are scaled."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge.facts import Network, Role, Scale
from trainlint.program.events import Forward, LayerCall, LossComputed
from trainlint.program.losses import tensor
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object, Tensor, Value

WEIGHTED = frozenset({Role.LINEAR, Role.CONVOLUTION, Role.RECURRENT, Role.ATTENTION, Role.TRANSFORMER, Role.EMBEDDING})
NORMALIZING = frozenset({Role.BATCH_NORM, Role.NORM})


@dataclass(frozen=True, slots=True)
class NetworkInput:
    """What the first weighted layer of a network gets in training."""

    run: Run
    forward: Forward
    data: Tensor
    normalized_after: bool
    """A normalization follows the first weighted layer directly."""


def network_inputs(program: TrainingProgram, scale: Scale) -> Iterator[NetworkInput]:
    """The training passes whose first weighted layer gets data of this scale."""
    for run, forward in program.each(Forward):
        if not forward.trained:
            continue
        if isinstance(forward.module, Object) and isinstance(forward.module.fact, Network):
            # Of a library's network, only what the program has put into it is followed: a new head.
            fact, data = forward.module.fact, next((found for value in forward.inputs if (found := tensor(value)) is not None), None)
            if not fact.normalizes and data is not None and data.scale is scale:
                yield NetworkInput(run, forward, data, fact.batch_norm is not False)
            continue
        weighted = [i for i, call in enumerate(forward.layers) if call.role in WEIGHTED or _network(call) is not None]
        if not weighted or forward.layers[weighted[0]].role is Role.EMBEDDING:
            continue
        first = forward.layers[weighted[0]]
        data, part = tensor(first.input), _network(first)
        if part is not None:
            data, after = None if part.normalizes else data, part.batch_norm is not False
        else:
            stop = weighted[1] if len(weighted) > 1 else len(forward.layers)
            after = any(call.role in NORMALIZING for call in forward.layers[weighted[0] : stop])
        if data is not None and data.scale is scale:
            yield NetworkInput(run, forward, data, after)


def _network(call: LayerCall) -> Network | None:
    """A library's network that is a part of another one."""
    return call.layer.fact if isinstance(call.layer, Object) and isinstance(call.layer.fact, Network) else None


def losses_of(run: Run, forward: Forward) -> Iterator[LossComputed]:
    """The losses that the pass's output reaches."""
    for event in run.of(LossComputed):
        if event.input is not None and forward in event.input.deps:
            yield event


def scale_of(value: Value | None) -> Scale | None:
    """How a tensor is scaled."""
    found = tensor(value)
    return found.scale if found is not None else None
