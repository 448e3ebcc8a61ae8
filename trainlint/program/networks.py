"""Questions about networks: what they contain."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge import facts
from trainlint.knowledge.facts import Role
from trainlint.program.events import Answer, Forward, LayerCall, Step, Unregistered
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Either, Known, Mapping, Object, Optimizer, Sequence, Tensor, Unknown, Value
from trainlint.source import ir

MODE_DEPENDENT = frozenset({Role.DROPOUT, Role.BATCH_NORM})
"""Layers that behave differently in training and in evaluation."""


def parts(module: Value) -> Iterator[Value]:
    """The module and everything that it holds, modules and unknown values alike."""
    seen: set[int] = set()
    stack: list[Value] = [module]
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, Object) and value.module:
            stack.extend(each for key, each in value.cells.items() if key != "<owner>" and isinstance(each, Value))
        elif isinstance(value, Sequence):
            stack.extend(value.items)
        elif isinstance(value, Mapping):
            stack.extend(each for each in value.cells.values() if isinstance(each, Value))
        elif isinstance(value, Either):
            stack.extend(value.options)


def holds(module: Value, roles: frozenset[Role] = MODE_DEPENDENT) -> tuple[Answer, Object | None]:
    """Whether the network contains a layer of one of these roles that has an effect, and such a layer."""
    answer = Answer.NO
    for part in parts(module):
        if isinstance(part, Object) and part.module:
            has = _has(part, roles)
            if has is Answer.YES:
                return Answer.YES, part
            if has is Answer.UNKNOWN:
                answer = Answer.UNKNOWN
        elif isinstance(part, Unknown) and not part.cut:
            answer = Answer.UNKNOWN
    return answer, None


def _has(part: Object, roles: frozenset[Role]) -> Answer:
    fact = part.fact
    if isinstance(fact, facts.Layer):
        if fact.role in roles:
            return _acts(part, fact)
        if Role.DROPOUT in roles and fact.probability is not None:
            return _acts(part, fact)
        return Answer.UNKNOWN if part.cells.get("<open>") else Answer.NO
    if isinstance(fact, facts.Network):
        drops = True if fact.dropout is None and _is_of_dropping(part, fact) else fact.dropout
        known = [has for role, has in ((Role.BATCH_NORM, fact.batch_norm), (Role.DROPOUT, drops)) if role in roles]
        if any(known):
            return Answer.YES
        return Answer.UNKNOWN if None in known else Answer.NO
    if part.foreign or (part.cls is not None and not part.cls.resolved):
        return Answer.UNKNOWN
    return Answer.NO


def _is_of_dropping(network: Object, fact: facts.Network) -> bool:
    """Whether a network is one of those whose published settings have dropout, and the program changes none of these."""
    name = network.arguments.get(fact.parameters[0]) if fact.parameters else None
    is_changed = any(key in {"config", "<open>", "**"} or "drop" in key for key in network.arguments)
    return not is_changed and isinstance(name, Known) and isinstance(name.value, str) and name.value.startswith(fact.dropping)


def _acts(layer: Object, fact: facts.Layer) -> Answer:
    """Whether a dropout drops; a normalization always acts."""
    if fact.probability is None:
        return Answer.YES
    value = layer.arguments.get(fact.probability)
    if value is None:
        if "<open>" in layer.arguments:
            return Answer.UNKNOWN
        return Answer.YES if fact.probability_default > 0 else Answer.NO
    if isinstance(value, Known) and isinstance(value.value, int | float):
        return Answer.YES if value.value > 0 else Answer.NO
    return Answer.UNKNOWN


def has_parameters(module: Value | None) -> Answer:
    """Whether the network has parameters at all; a spectrogram written as a module has none."""
    if module is None:
        return Answer.UNKNOWN
    answer = Answer.NO
    for part in parts(module):
        if is_weighted(part) or (isinstance(part, Tensor) and part.graph):
            return Answer.YES
        if isinstance(part, Unknown) or (isinstance(part, Object) and (part.foreign or (part.cls is not None and not part.cls.resolved))):
            answer = Answer.UNKNOWN
        if isinstance(part, Object) and isinstance(part.fact, facts.Layer) and part.fact.role in {Role.BATCH_NORM, Role.NORM, Role.OTHER}:
            answer = Answer.UNKNOWN
    return answer


def is_weighted(part: Value) -> bool:
    """Whether it is a layer with weights of its own."""
    return isinstance(part, Object) and (
        (isinstance(part.fact, facts.Layer) and part.fact.weighted) or isinstance(part.fact, facts.Network)
    )


def related(one: Value, other: Value) -> bool:
    """Whether the modules are the same, or one is a part of the other."""
    if one is other:
        return True
    if not (isinstance(one, Object) and isinstance(other, Object)):
        return False
    return (
        _owned_by(one, other)
        or _owned_by(other, one)
        or any(part is other for part in parts(one))
        or any(part is one for part in parts(other))
    )


def _owned_by(part: Object, whole: Object) -> bool:
    owner: object = part.cells.get("<owner>")
    for _ in range(16):
        if owner is whole:
            return True
        if not isinstance(owner, Object):
            return False
        owner = owner.cells.get("<owner>")
    return False


@dataclass(frozen=True, slots=True)
class Built:
    """A layer that a forward pass builds and applies."""

    call: LayerCall
    place: ir.Node
    """The construction in the code of that pass, of the layer or of what it is a part of."""


def built_in_forward(program: TrainingProgram, *roles: Role) -> Iterator[tuple[Run, Built]]:
    """The layers of one of these roles that a forward pass builds for itself alone."""
    for run, forward in program.each(Forward):
        kept: set[int] | None = None
        for call in forward.layers:
            layer = call.layer
            if not isinstance(layer, Object) or layer.built is None or call.role not in roles or "weight" in layer.cells:
                continue
            if layer.built[0] is not forward:
                continue
            if kept is None:
                kept = {id(part) for part in parts(forward.module)} if forward.module is not None else set()
            if id(layer) not in kept:
                yield run, Built(call, layer.built[1])


@dataclass(frozen=True, slots=True)
class Hidden:
    """Layers with parameters that their network does not see."""

    run: Run
    event: Unregistered
    modules: tuple[Object, ...]


def hidden_modules(program: TrainingProgram) -> Iterator[Hidden]:
    """The layers in plain containers of networks that reach no optimizer."""
    held = [module for _, event in program.each(Unregistered) for module in event.modules if isinstance(module, Object)]
    # One run may build the network alone, another one ask for what its layers hold.
    asked = {module.node for module in held if module.asked}
    for run, event in program.each(Unregistered):
        hidden = tuple(
            module
            for module in event.modules
            if isinstance(module, Object) and module.node not in asked and has_parameters(module) is Answer.YES
        )
        if hidden and not any(_optimized(run, module) for module in hidden):
            yield Hidden(run, event, hidden)


def _optimized(run: Run, module: Object) -> bool:
    optimizers = (step.optimizer for step in run.of(Step))
    return any(isinstance(each, Optimizer) and each.parameters is not None and module in each.parameters.modules for each in optimizers)
