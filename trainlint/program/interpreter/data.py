"""Data: what data sets, transforms and loaders give to the program."""

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from trainlint.knowledge import facts
from trainlint.knowledge.facts import Effect, Kind, Scale
from trainlint.program.events import Rescaled
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.operators import as_tensor
from trainlint.program.interpreter.tensors import is_float
from trainlint.program.joins import join, one_of
from trainlint.program.pipelines import divides
from trainlint.program.traces import Trace
from trainlint.program.values import Data, Function, Iteration, Known, Mapping, Method, Object, Sequence, Tensor, Unknown, Value, sequence
from trainlint.source import ir

if TYPE_CHECKING:
    from trainlint.program.interpreter.machine import Machine

_INDEX = Tensor(graph=False, number=True)


def batch(machine: "Machine", source: Value) -> Value:
    """What a loop over a loader or data set draws."""
    if isinstance(source, Data) and isinstance(source.fact, facts.Loader):
        dataset, collate = source.arguments.get("dataset"), source.arguments.get("collate_fn")
        if dataset is None:
            return Unknown()
        return _collated_by(machine, source, collate) if _is_given(collate) else _collated(sample(machine, dataset))
    return sample(machine, source)


def _is_given(value: Value | None) -> TypeGuard[Value]:
    return value is not None and not (isinstance(value, Known) and value.value is None)


def sample(machine: "Machine", dataset: Value) -> Value:
    """One element of a data set."""
    if isinstance(dataset, Data) and isinstance(dataset.fact, facts.Dataset):
        return _library_sample(machine, dataset, dataset.fact)
    if isinstance(dataset, Data) and isinstance(dataset.fact, facts.Loader):
        return batch(machine, dataset)
    if isinstance(dataset, Object):
        return object_element(machine, dataset)
    if isinstance(dataset, Sequence) and dataset.items:
        return one_of(dataset.items)
    if isinstance(dataset, Iteration) and dataset.kind == "zip":
        return sequence("tuple", tuple(sample(machine, source) for source in dataset.sources))
    if isinstance(dataset, Tensor):
        return dataset
    if isinstance(dataset, Unknown):
        return Unknown(dataset.deps)
    return Unknown()


def object_element(machine: "Machine", instance: Object) -> Value:
    """What an instance of a class of the workspace gives when it is looped over or indexed."""
    if instance.cls is None:
        return Unknown()
    found = machine.drawn.get(instance)
    if found is not None:
        return found
    for name in ("__getitem__", "__iter__"):
        function = instance.cls.attribute(name)
        if isinstance(function, Function) and not machine.is_running(function.definition, 1):
            arguments = Arguments((_INDEX,), {}, (_place(instance),)) if name == "__getitem__" else Arguments()
            value = machine.call(Method(instance, function), arguments, _place(instance))
            if name == "__iter__":
                value = join(value.sources) if isinstance(value, Iteration) and value.kind == "yields" else Unknown()
            machine.drawn[instance] = value
            return value
    return Unknown()


def _place(value: Object | Data) -> ir.Expr:
    node = value.node
    return node if isinstance(node, ir.Expr) else ir.Name(node.chunk, node.cst, "")


def _library_sample(machine: "Machine", dataset: Data, fact: facts.Dataset) -> Value:
    if fact.wraps is not None:
        inner = dataset.arguments.get(fact.wraps)
        if fact.wraps.startswith("*"):
            # TensorDataset: a row of each of its tensors.
            return sequence("tuple", tuple(_row(value) for value in dataset.arguments.values()))
        if isinstance(inner, Sequence):
            return one_of([sample(machine, each) for each in inner.items]) if inner.items else Unknown()
        return sample(machine, inner) if inner is not None else Unknown()
    values: list[Value] = []
    for part in fact.element:
        if part == "image":
            image: Value = Tensor(graph=False, scale=Scale.RAW, scale_node=dataset.node, trace=Trace(steps=()))
            transform = dataset.arguments.get(fact.transform) if fact.transform is not None else None
            if dataset.arguments.get("transforms") is not None:
                image = Unknown()
            elif _is_given(transform):
                image = transformed(machine, transform, image)
            values.append(image)
        elif part == "label":
            label = Tensor(graph=False, kind=Kind.CLASS_IDS, kind_node=dataset.node, classes=fact.classes, shape=())
            changed = fact.target_transform is not None and _is_given(dataset.arguments.get(fact.target_transform))
            values.append(Unknown() if changed else label)
        else:
            values.append(Unknown())
    return sequence("tuple", tuple(values)) if len(values) > 1 else values[0]


def _collated_by(machine: "Machine", loader: Data, collate: Value) -> Value:
    """What a function of the program makes of a list of elements."""
    if loader not in machine.drawn:
        machine.drawn[loader] = Unknown()  # what is drawn while it is being drawn
        each = sample(machine, loader.arguments["dataset"])
        place = _place(loader)
        elements = sequence("list", (each, each), more="repeated")
        machine.drawn[loader] = machine.call(collate, Arguments((elements,), {}, (place,)), place)
    return machine.drawn[loader]


def _collated(value: Value) -> Value:
    """A batch of such elements: numbers become tensors, everything else is stacked."""
    if isinstance(value, Sequence):
        return Sequence("list", {**value.cells, "items": tuple(_collated(item) for item in value.items)})
    if isinstance(value, Mapping):
        return Mapping({key: _collated(each) for key, each in value.cells.items()}, value.open)
    if isinstance(value, Tensor):
        sizes = () if value.number else value.shape
        return replace(value, number=False, shape=None if sizes is None else (None, *sizes))
    if isinstance(value, Known):
        return Tensor(graph=False, shape=(None,)) if isinstance(value.value, int | float) else Tensor(graph=False)
    return value


def _row(value: Value) -> Value:
    """A row of a tensor."""
    return replace(value, shape=value.shape[1:] if value.shape else None) if isinstance(value, Tensor) else value


def transformed(machine: "Machine", transform: Value, image: Value) -> Value:
    """What a transform, or a list of them, makes of an image."""
    if isinstance(transform, Sequence):
        if transform.open:
            return Unknown()
        for each in transform.items:
            image = transformed(machine, each, image)
        return image
    if isinstance(transform, Data) and isinstance(transform.fact, facts.Transform):
        return _by_fact(machine, transform, transform.fact, image)
    if isinstance(transform, Unknown):
        return Unknown(image.deps)
    place = getattr(transform, "node", None)
    if isinstance(place, ir.Expr):
        return machine.call(transform, Arguments((image,), {}, (place,)), place)
    if isinstance(transform, Function):
        definition = transform.definition
        name = ir.Name(definition.chunk, definition.cst, "")
        return machine.call(transform, Arguments((image,), {}, (name,)), name)
    return Unknown(image.deps)


def _by_fact(machine: "Machine", transform: Data, fact: facts.Transform, image: Value) -> Value:
    if fact.composes is not None:
        inner = transform.arguments.get(fact.composes)
        if inner is None:
            return Unknown(image.deps)
        after = transformed(machine, inner, image)
        return stepped(one_of((after, image)), transform, image) if fact.random else after
    if fact.calls is not None:
        function = transform.arguments.get(fact.calls)
        return transformed(machine, function, image) if function is not None else Unknown(image.deps)
    tensor = as_tensor(image)
    if tensor is None:
        return (
            Unknown(image.deps)
            if fact.effect is not Effect.CENTRE
            else Tensor(image.deps, False, scale=Scale.CENTRED, scale_node=transform.node)
        )
    if tensor.scale is Scale.UNIT and divides(transform):
        machine.emit(Rescaled(transform.node, data=tensor))
    return stepped(_scaled(transform, fact, tensor), transform, tensor)


def stepped(result: Value, transform: Data, before: Value) -> Value:
    """The result of a transform, which remembers its steps if those before it are known."""
    steps = before.trace.steps if isinstance(before, Tensor) and before.trace is not None else None
    if isinstance(result, Tensor) and steps is not None:
        return replace(result, trace=Trace(steps=(*steps, transform)))
    return result


def _scaled(transform: Data, fact: facts.Transform, tensor: Tensor) -> Value:
    dtype = transform.arguments.get(fact.dtype) if fact.dtype is not None else None
    if dtype is not None and not is_float(dtype):
        return tensor
    scales = transform.arguments.get(fact.scale) if fact.scale is not None else None
    if fact.effect is Effect.UNIT or (isinstance(scales, Known) and scales.value is True):
        if tensor.scale is Scale.RAW:
            return replace(tensor, scale=Scale.UNIT, scale_node=transform.node, graph=False, shape=tensor.shape or (None, None, None))
        return tensor
    if fact.effect is Effect.CENTRE:
        return replace(tensor, scale=Scale.CENTRED, scale_node=transform.node)
    if fact.effect is Effect.RAW_FLOAT:
        return replace(tensor, scale=Scale.RAW_FLOAT) if tensor.scale is Scale.RAW else tensor
    if fact.effect in {Effect.KEEP, Effect.ARRAY, Effect.MIX}:
        return tensor
    return Tensor(tensor.deps, graph=False)


def apply_transform(machine: "Machine", transform: Data, arguments: Arguments, node: ir.Expr) -> Value:
    """A call of a transform; an albumentations pipeline takes and gives a dict."""
    if not isinstance(transform.fact, facts.Transform):
        return Unknown(arguments.deps)
    if "image" in arguments.keywords:
        image = transformed(machine, transform, arguments.keywords["image"])
        return Mapping({"image": image}, open=True)
    if len(arguments.positional) != 1:
        return Unknown(arguments.deps)
    return transformed(machine, transform, arguments.positional[0])


def subscript(machine: "Machine", value: Value, index: Value | None = None) -> Value:
    """`dataset[i]`."""
    if isinstance(value, Object) and value.module:
        inside = [each for key, each in value.cells.items() if key != "<owner>" and isinstance(each, Object)]
        return one_of(inside[:2]) if len(inside) > 0 else Unknown()
    return sample(machine, value)


def call_method(machine: "Machine", receiver: Data, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    """A method of a data set or loader."""
    if name == "__getitem__":
        return sample(machine, receiver)
    return Unknown(arguments.deps)
