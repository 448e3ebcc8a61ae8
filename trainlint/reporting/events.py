"""What happens in an abstract run, one line to an event: for whoever asks why a rule spoke, or did not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from trainlint.program import events, values
from trainlint.program.events import Event, Forward, GradMode, LayerCall, LossComputed, Mode, ModeSet, Pass
from trainlint.program.values import Object, Optimizer, Parameters, Sequence, Tensor, Unknown, Value
from trainlint.reporting.places import shown_path

if TYPE_CHECKING:
    from trainlint.program.run import Run
    from trainlint.program.training_program import TrainingProgram
    from trainlint.source.ir import Node

MAX_ITEMS = 4
"""How many items of a list are shown."""
MAX_DEPTH = 3
"""How deep inside lists items are shown."""
MAX_TEXT = 30
"""How much of a constant is shown."""


@dataclass(frozen=True, slots=True)
class Legend:
    """How one run's values, branches and places are called."""

    names: Mapping[Value, str]
    """What several of a kind are called to tell them apart: "Linear", "Linear#2"."""
    branches: Mapping[int, int]
    """The undecided branches, numbered from 1."""
    row: "Callable[[Node], int]"


def event_lines(program: "TrainingProgram", *, verbose: bool = False) -> Iterator[str]:
    """Each run of the program with its events; with `verbose` also the layers inside networks, and runs in which nothing happens."""
    for run in program.runs:
        if run.events or verbose:
            yield from run_lines(run, program, verbose=verbose)
            yield ""
    for loop in program.unfollowed:
        yield f"{shown_path(loop.path)}:{loop.row}: training loop not followed: {loop.reason}"
    for path, reason in program.unreadable:
        yield f"{shown_path(path)}: this file {reason}"
    for path, reason in program.failures:
        yield f"{shown_path(path)}: the abstract run failed: {reason}"


def run_lines(run: "Run", program: "TrainingProgram", *, verbose: bool = False) -> Iterator[str]:
    """One run: a headline, then a line for each event."""
    legend = legend_of(run, lambda node: program.files[node.chunk.path].row(node))
    yield f"{shown_path(run.path)}: {run.entry}, {len(run.events)} {'event' if len(run.events) == 1 else 'events'}"
    for event in run.events:
        if verbose or type(event) is not LayerCall:
            yield f"{shown_path(event.node.chunk.path)}:{legend.row(event.node)} {describe(event, legend)}"


# Events ---------------------------------------------------------------------------------------------------------------


def describe(event: Event, legend: Legend) -> str:
    """Where in loops and branches an event happens, its kind, and what it is about: `[1][2] (1a) step SGD(Net)`."""
    arms = "".join(f"({legend.branches[branching]}{chr(ord('a') + arm)})" for branching, arm in event.guards)
    about = _about(event, legend)
    return " ".join(part for part in (_passes(event.loops), arms, kind_of(event), about) if part)


def kind_of(event: Event) -> str:
    """The word for what happens."""
    match event:
        case LayerCall():
            return "layer"
        case LossComputed():
            return "loss"
        case ModeSet():
            return {Mode.TRAIN: "train", Mode.EVAL: "eval", Mode.UNKNOWN: "train or eval"}[event.mode]
        case events.LossScaled():
            return "scale"
        case events.GradientRead():
            return "gradient assigned" if event.assigned else "gradient read"
        case events.ConstantTerm():
            return "constant term"
        case events.WeightsUsed():
            return "weights used"
        case events.FlagSet():
            return "flag"
        case events.GroupsUsed():
            return "groups used"
        case _:
            return type(event).__name__.lower()


def _about(event: Event, legend: Legend) -> str:
    match event:
        case events.Draw() | events.Supplied():
            return f"from {show(event.source, legend)}"
        case Forward():
            inputs = ", ".join(show(value, legend) for value in event.inputs)
            return f"{show(event.module, legend)}: {', '.join(_notes(event, legend))}; ({inputs}) -> {show(event.output, legend)}"
        case LayerCall():
            name = f" {show(event.layer, legend)}" if event.layer is not None else ""
            role = event.role.value if event.role is not None else "?"
            return f"{role}{name}: {show(event.input, legend)} -> {show(event.output, legend)}"
        case LossComputed():
            takes = event.fact.takes.name.lower().replace("_", " ") if event.fact is not None else "?"
            trained = ", trained" if event.trained else ""
            return f"on {takes}{trained}: {show(event.input, legend)} against {show(event.target, legend)}"
        case events.Backward():
            through = [each for each in event.loss.deps if type(each) is Forward] if event.loss is not None else []
            places = ", ".join(_place(each, legend) for each in sorted(through, key=lambda each: each.index))
            return f"{f'through {places}: ' if places else ''}{show(event.loss, legend)}"
        case events.Step():
            scaler = f" through {show(event.scaler, legend)}" if event.scaler is not None else ""
            return show(event.optimizer, legend) + (" with a closure" if event.closure else "") + scaler
        case events.Clear() | events.Clip():
            return show(event.target, legend)
        case events.Unscale():
            return show(event.optimizer, legend)
        case events.Update():
            return show(event.scaler, legend)
        case events.LossScaled():
            return f"{show(event.loss, legend)} by {show(event.scaler, legend)}"
        case events.Construct():
            return show(event.made, legend)
        case events.Replace():
            return f"{show(event.module, legend)} in {show(event.owner, legend)}"
        case events.Doubled():
            return show(event.module, legend)
        case events.GradientRead():
            return show(event.of, legend)
        case events.Exhausted():
            return show(event.parameters, legend)
        case events.Carried():
            return f"{show(event.value, legend)} from {', '.join(_place(each, legend) for each in event.earlier)}"
        case events.ConstantTerm():
            return show(event.term, legend)
        case events.WeightsUsed():
            return f"{show(event.weights, legend)} in {show(event.module, legend)}"
        case events.GroupsUsed():
            return show(event.optimizer, legend)
        case events.FlagSet():
            return f"{show(event.receiver, legend)}.{event.attribute} = {show(event.value, legend)}"
        case events.Schedule():
            return show(event.scheduler, legend)
        case ModeSet():
            return show(event.module, legend)
        case events.Uncalled():
            return f"{show(event.receiver, legend)}.{event.method}"
        case events.Retain():
            earlier = f", which holds {_place(event.earlier, legend)}" if event.earlier is not None else ""
            return f"{show(event.value, legend)} in {show(event.holder, legend)}{earlier}"
        case events.Singular():
            return f"{event.operation} of {show(event.input, legend)}"
        case events.DeadTerm():
            return show(event.term, legend)
        case events.Assembled():
            return show(event.transform, legend)
        case events.Rescaled():
            return show(event.data, legend)
        case events.Discarded():
            return event.operation
        case events.Repeated():
            return show(event.layer, legend)
        case events.Unregistered():
            return f"{show(event.network, legend)}.{event.attribute}: {', '.join(show(each, legend) for each in event.modules)}"
        case events.LossBuilt():
            return show(event.loss, legend)
        case events.Unread():
            return event.variable
        case events.Touch():
            return ", ".join(sorted(show(value, legend) for value in event.touched))
        case events.Truncated():
            return event.reason
        case _:
            return ""


def _passes(loops: tuple[Pass, ...]) -> str:
    """The passes around an event; `~` marks a loop that is not in the text."""
    return "".join(f"[{'~' if each.loop.virtual else ''}{each.number}]" for each in loops)


def _place(event: Event, legend: Legend) -> str:
    return f"{legend.row(event.node)}{_passes(event.loops)}"


def _notes(event: Forward, legend: Legend) -> Iterator[str]:
    """The modes that the network may be in, with the rows that set them; then what becomes of the pass."""
    order = list(Mode)
    modes = sorted({(order.index(mode), legend.row(setter.node) if setter is not None else 0) for mode, setter in event.modes})
    yield "mode " + " or ".join(f"{order[index].value}{f' since {row}' if row else ''}" for index, row in modes)
    yield "gradients " + " or ".join(mode.value for mode in GradMode if mode in event.grad)
    for mark in ("trained", "scored", "returned", "escaped", "frozen"):
        if getattr(event, mark):
            yield mark


# Values ---------------------------------------------------------------------------------------------------------------


def show(value: Value | None, legend: Legend, depth: int = 0) -> str:
    """A value in a few words: what it is, as far as training programs care. A `?` marks what no code in sight has made."""
    if depth > MAX_DEPTH:
        return "…"
    match value:
        case None:
            return "?"
        case Tensor():
            notes = ", ".join(_tensor_notes(value, legend))
            return f"{'number' if value.number else 'tensor'}{f'<{notes}>' if notes else ''}"
        case values.Known():
            text = repr(value.value)
            return ("~" if value.soft else "") + (text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…")
        case Unknown():
            name = value.uses.path if value.uses is not None else ""
            return f"{name}?{'<no graph>' if value.cut else ''}"
        case Object():
            return legend.names.get(value) or _base_name(value)
        case Optimizer():
            held = _held(value.parameters, legend, depth) if value.parameters is not None else "?"
            return f"{legend.names.get(value) or _base_name(value)}({held})"
        case values.Scheduler():
            return f"scheduler({show(value.optimizer, legend, depth + 1)})"
        case Parameters():
            return f"parameters of {_held(value, legend, depth) or 'nothing'}"
        case values.Weights():
            return f"state of {show(value.module, legend, depth + 1)}"
        case values.Gradient():
            return f"gradient of {show(value.of, legend, depth + 1)}"
        case values.Data():
            dataset = value.arguments.get("dataset")
            return _last(value.name) + (f"({show(dataset, legend, depth + 1)})" if dataset is not None else "")
        case values.Iteration():
            return f"{value.kind}({_items(value.sources, legend, depth)})"
        case values.Either():
            return " | ".join(show(option, legend, depth + 1) for option in value.options)
        case Sequence():
            form = {"list": "[{}]", "tuple": "({})", "set": "{{{}}}"}[value.kind]
            return form.format(_items(value.items, legend, depth, open_=value.open))
        case values.Mapping():
            shown = [f"{key!r}: {show(each, legend, depth + 1)}" for key, each in value.cells.items()]
            return f"{{{', '.join([*shown[:MAX_ITEMS], *(['…'] if value.open or len(shown) > MAX_ITEMS else [])])}}}"
        case values.Library() | values.Module():
            return value.name
        case values.Class() | values.Function():
            return _definition_name(value)
        case values.Method():
            name = value.function if isinstance(value.function, str) else _definition_name(value.function)
            return f"{show(value.receiver, legend, depth + 1)}.{name}"
        case values.Partial():
            return f"partial({show(value.function, legend, depth + 1)})"
        case _:
            return type(value).__name__.lower()


def _tensor_notes(tensor: Tensor, legend: Legend) -> Iterator[str]:
    if tensor.kind is not None:
        yield tensor.kind.name.lower().replace("_", " ")
    if tensor.axis is not None:
        yield f"axis {tensor.axis}"
    if tensor.units is not None:
        yield f"{tensor.units} {'unit' if tensor.units == 1 else 'units'}"
    if tensor.classes is not None:
        yield f"{tensor.classes} classes"
    if tensor.scale is not None:
        yield tensor.scale.name.lower().replace("_", " ")
    if tensor.dropout is not None:
        yield "dropped"
    if tensor.made is not None and tensor.made not in {"parameter", "weights"}:
        yield tensor.made
    if tensor.parameter is not None:
        yield f"parameter of {show(tensor.parameter, legend)}"
    if tensor.graph is not False:
        yield "graph" if tensor.graph else "graph?"


def _items(items: Iterable[Value], legend: Legend, depth: int, *, open_: bool = False) -> str:
    shown = [show(value, legend, depth + 1) for value in items]
    return ", ".join([*shown[:MAX_ITEMS], *(["…"] if open_ or len(shown) > MAX_ITEMS else [])])


def _held(parameters: Parameters, legend: Legend, depth: int) -> str:
    modules = sorted(show(module, legend, depth + 1) for module in parameters.modules)
    return ", ".join([*modules, *([] if parameters.complete else ["…"])])


def _base_name(value: Object | Optimizer) -> str:
    """The name of its class; for what no code in sight has made, the name under which it is used."""
    if isinstance(value, Object) and value.cls is not None:
        return value.cls.definition.name + ("?" if value.foreign else "")
    if value.name:
        return _last(value.name)
    if value.uses is not None:
        return f"{value.uses.path}?"
    if isinstance(value, Optimizer):
        return "optimizer"
    owner = value.cells.get("<owner>")
    return f"{_base_name(owner)}.?" if isinstance(owner, Object) else "?"


def _definition_name(value: values.Class | values.Function) -> str:
    return getattr(value.definition, "name", "lambda")


def _last(name: str) -> str:
    """The class in the full name of a class or of something that makes its instances, such as `from_pretrained`."""
    parts = name.split(".")
    return next((part for part in reversed(parts) if part[:1].isupper()), parts[-1])


# Names ----------------------------------------------------------------------------------------------------------------


def legend_of(run: "Run", row: "Callable[[Node], int]") -> Legend:
    """Numbers the branches of a run, and what would else have the same name, in the order in which the events meet them."""
    names: dict[Value, str] = {}
    counts: dict[str, int] = {}
    branches: dict[int, int] = {}
    for event in sorted(run.events, key=lambda event: (type(event) is events.Construct, type(event) is LayerCall)):
        for branching, _ in event.guards:
            branches.setdefault(branching, len(branches) + 1)
        for attribute in fields(event):
            for value in _named_in(getattr(event, attribute.name), row):
                if value not in names:
                    base = _base_name(value)
                    counts[base] = counts.get(base, 0) + 1
                    names[value] = base if counts[base] == 1 else f"{base}#{counts[base]}"
    return Legend(names, branches, row)


def _named_in(value: object, row: "Callable[[Node], int]", depth: int = 0) -> "Iterator[Object | Optimizer]":
    """The objects and optimizers that are the value or are held by it, in an order that does not change from run to run."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Object | Optimizer):
        yield value
    inside: Iterable[object] = ()
    match value:
        case Optimizer() if value.parameters is not None:
            inside = _ordered(value.parameters.modules, row)
        case Parameters():
            inside = _ordered(value.modules, row)
        case values.Scheduler():
            inside = (value.optimizer,)
        case Sequence():
            inside = value.items[:MAX_ITEMS]
        case values.Mapping():
            inside = value.cells.values()
        case values.Either():
            inside = value.options
        case frozenset():
            inside = _ordered((each for each in value if isinstance(each, Value)), row)
        case tuple():
            inside = value
    for each in inside:
        yield from _named_in(each, row, depth + 1)


def _ordered(held: Iterable[Value], row: "Callable[[Node], int]") -> list[Value]:
    def place(value: Value) -> tuple[str, int, list[int], str]:
        node: Node | None = getattr(value, "node", None)
        born: tuple[Pass, ...] = getattr(value, "born", ())
        name = _base_name(value) if isinstance(value, Object | Optimizer) else ""
        return ("" if node is None else str(node.chunk.path), 0 if node is None else row(node), [each.number for each in born], name)

    return sorted(held, key=place)
