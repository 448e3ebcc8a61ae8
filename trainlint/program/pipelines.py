"""Questions about data: the transforms that make samples, whether they are random, and in which order samples come."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.bindings.usage import read_uses
from trainlint.knowledge import facts
from trainlint.knowledge.facts import Effect
from trainlint.program.events import Draw, Event, Forward, Step, Supplied
from trainlint.program.losses import tensor
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Class, Data, Function, Iteration, Known, Object, Sequence, Tensor, Value, union
from trainlint.source import ir
from trainlint.source.walk import descendants

Constants = tuple[tuple[float, ...], tuple[float, ...]]
"""The means and standard deviations of a normalization."""


def divides(transform: Data) -> bool:
    """Whether a normalization first divides by 255, or subtracts means that only 0–255 data have."""
    fact = transform.fact
    if not isinstance(fact, facts.Transform) or fact.effect is not Effect.CENTRE:
        return False
    if fact.maximum is not None:
        largest = transform.arguments.get(fact.maximum)
        return largest is None or (isinstance(largest, Known) and largest.value == 255)
    means = numbers(transform.arguments.get("mean"))
    return means is not None and max((abs(mean) for mean in means), default=0.0) > 3


def numbers(value: Value | None) -> tuple[float, ...] | None:
    """The numbers that an argument is, or holds, if all are known; equal ones stand for all channels."""
    values: list[object]
    if isinstance(value, Sequence) and not value.open:
        values = [item.value if isinstance(item, Known) else None for item in value.items]
    elif isinstance(value, Known):
        values = list(value.value) if isinstance(value.value, tuple | list) else [value.value]
    else:
        return None
    found = [float(number) for number in values if isinstance(number, int | float)]
    if len(found) < len(values) or not found:
        return None
    return (found[0],) if all(number == found[0] for number in found) else tuple(found)


def normalizations(steps: tuple[Data, ...]) -> tuple[Constants, ...] | None:
    """What the normalizations among the transforms subtract and divide by; None where that is not known."""
    found: list[Constants] = []
    for step in steps:
        if not isinstance(step.fact, facts.Transform | facts.Function):
            return None
        if isinstance(step.fact, facts.Transform) and (
            step.fact.calls is not None or (step.fact.composes is not None and not step.fact.random)
        ):
            return None
        if step.fact.effect is not Effect.CENTRE:
            continue
        mean, std = numbers(step.arguments.get("mean")), numbers(step.arguments.get("std"))
        if mean is None or std is None:
            return None
        found.append((mean, std))
    return tuple(found)


def random_step(steps: tuple[Data, ...]) -> Data | None:
    """The first transform that gives another result each time."""
    return next((step for step in steps if isinstance(step.fact, facts.Transform) and step.fact.random and _is_on(step)), None)


def _is_on(step: Data) -> bool:
    probability = step.arguments.get("p")
    return not (isinstance(probability, Known) and probability.value == 0)


def flattened(transform: Value) -> Iterator[Data | None]:
    """The steps of a pipeline in order, those of pipelines inside it included; None for one that is not known."""
    if isinstance(transform, Data) and isinstance(transform.fact, facts.Transform) and transform.fact.composes is not None:
        inner = transform.arguments.get(transform.fact.composes)
        if not isinstance(inner, Sequence) or inner.open:
            yield None
            return
        for each in inner.items:
            yield from flattened(each)
    else:
        yield transform if isinstance(transform, Data) else None


@dataclass(frozen=True, slots=True)
class Misordered:
    """Two steps of a pipeline of which the first should not stand before the second."""

    first: Data
    second: Data
    scaled: bool
    """The first one scales to 0–1, and the second one expects 0–255; else the first one normalizes what the second one scales."""


def misordered(transform: Value) -> Misordered | None:
    """The first such pair of a pipeline."""
    scaling: Data | None = None
    normalizing: Data | None = None
    for step in flattened(transform):
        if step is None or not isinstance(step.fact, facts.Transform) or step.fact.calls is not None:
            scaling = normalizing = None
            continue
        if step.fact.effect is Effect.RAW_IMAGE:
            scaling = normalizing = None
        elif step.fact.effect is Effect.UNIT:
            if normalizing is not None:
                return Misordered(normalizing, step, scaled=False)
            scaling = step
        elif step.fact.effect is Effect.CENTRE:
            if scaling is not None and divides(step):
                return Misordered(scaling, step, scaled=True)
            normalizing, scaling = (step if step.fact.maximum is None else None), None
    return None


# Order --------------------------------------------------------------------------------------------------------------------


def loaders(source: Value | None) -> Iterator[Data]:
    """The loaders that something to loop over draws from."""
    if isinstance(source, Data) and isinstance(source.fact, facts.Loader):
        yield source
    elif isinstance(source, Iteration):
        for each in source.sources:
            yield from loaders(each)


def keeps_order(loader: Data) -> bool:
    """Whether a loader certainly draws a map-style data set in the order in which it is stored."""
    arguments = loader.arguments
    if "<open>" in arguments or "**" in arguments or any(_is_given(arguments.get(name)) for name in ("sampler", "batch_sampler")):
        return False
    shuffle = arguments.get("shuffle")
    if shuffle is not None and not (isinstance(shuffle, Known) and not shuffle.value and not shuffle.soft):
        return False
    return not _is_everything(loader) and _is_map_style(arguments.get("dataset"))


def _is_given(value: Value | None) -> bool:
    return value is not None and not (isinstance(value, Known) and value.value is None)


def _is_everything(loader: Data) -> bool:
    """Whether a batch is the whole data set: `batch_size=len(dataset)`."""
    call = loader.node
    if not isinstance(call, ir.Call):
        return False
    sizes = [argument.value for argument in call.arguments if argument.keyword == "batch_size"]
    sizes += [argument.value for argument in call.arguments[1:2] if argument.keyword is None]
    return any(isinstance(node, ir.Name) and node.id == "len" for size in sizes for node in descendants((size,)))


def _is_map_style(dataset: Value | None) -> bool:
    if isinstance(dataset, Data) and isinstance(dataset.fact, facts.Dataset):
        return not dataset.name.endswith("ChainDataset")
    if isinstance(dataset, Object) and dataset.cls is not None:
        return (
            dataset.cls.resolved
            and not any(name.endswith("IterableDataset") for name in dataset.cls.libraries)
            and _reads_by_index(dataset.cls)
        )
    return (isinstance(dataset, Sequence) and bool(dataset.items)) or isinstance(dataset, Tensor)


def _reads_by_index(cls: Class) -> bool:
    """Whether the class reads the sample that it is asked for, and does not mix samples by itself."""
    methods = [value for base in cls.mro if isinstance(base, Class) for value in base.cells.values() if isinstance(value, Function)]
    getters = [method for method in methods if getattr(method.definition, "name", "") == "__getitem__"]
    if not getters or not isinstance(getters[0].definition, ir.FunctionDef):
        return False
    definition = getters[0].definition
    index = definition.parameters.positional[1].name if len(definition.parameters.positional) > 1 else None
    if index is None or not any(isinstance(node, ir.Name) and node.id == index for node in descendants(definition.body)):
        return False
    mixing = {"shuffle", "permutation", "randperm", "sample"}
    bodies = [method.definition.body for method in methods if isinstance(method.definition, ir.FunctionDef)]
    return not any(mixing & attributes for body in bodies for attributes in read_uses(body).values())


# What reaches networks ------------------------------------------------------------------------------------------------------


def steps_into(forward: Forward) -> tuple[Data, ...] | None:
    """The transforms that made the first image that a forward pass is applied to; None where they are not known."""
    for value in forward.inputs:
        found = tensor(value)
        if found is not None and found.trace is not None and found.trace.steps is not None:
            return found.trace.steps
    return None


def training_loaders(program: TrainingProgram) -> Iterator[tuple[Run, Data, Event]]:
    """The loaders whose batches a network is trained on, each with where that happens."""
    for run in program.runs:
        seen: set[Data] = set()
        stateful = {forward.module for forward in run.of(Forward) if _carries_state(forward)}
        stepping = {id(each) for step in run.of(Step) for each in step.loops}
        for forward in run.of(Forward):
            if not forward.trained or forward.module in stateful:
                continue
            for event in union(forward.inputs):
                # Gradients of an attack or a saliency map train nothing.
                if type(event) is Draw and event.loops and id(event.loops[-1]) in stepping:
                    for loader in loaders(event.source):
                        if loader not in seen:
                            seen.add(loader)
                            yield run, loader, forward
        for supplied in run.of(Supplied):
            for loader in loaders(supplied.source):
                yield run, loader, supplied


def _carries_state(forward: Forward) -> bool:
    """Whether a pass goes on from what a pass of the same network has made: then batches follow each other in time."""
    return any(type(event) is Forward and event.module is forward.module for event in union(forward.inputs))
