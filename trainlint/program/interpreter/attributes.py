"""Reading attributes."""

from dataclasses import replace

from trainlint.bindings.usage import Uses, uses_in_method
from trainlint.knowledge import methods
from trainlint.knowledge.facts import Dataset, Effect, Kind, Network, Scale
from trainlint.knowledge.library import lookup as lookup_library
from trainlint.knowledge.library import member as library_member
from trainlint.knowledge.library import method as library_method
from trainlint.program.events import GradientRead, GroupsUsed, Mode
from trainlint.program.interpreter import imports
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.tensors import transfer_attribute
from trainlint.program.interpreter.unknowns import member
from trainlint.program.joins import one_of
from trainlint.program.values import (
    Class,
    Data,
    Either,
    Function,
    Gradient,
    Known,
    Library,
    Method,
    Module,
    Object,
    Optimizer,
    Partial,
    Sequence,
    Super,
    Tensor,
    Training,
    Unknown,
    Value,
)
from trainlint.source import ir

_DYNAMIC_TENSORS = {Effect.CUT, Effect.KEEP}


def attribute(machine: Machine, owner: Value, name: str, node: ir.Attribute) -> Value:
    """`owner.name`."""
    if isinstance(owner, Object):
        return _of_object(machine, owner, name, node)
    if isinstance(owner, Library):
        return Library(f"{owner.name}.{name}")
    if name == "grad" and isinstance(owner, Tensor | Unknown):
        machine.emit(GradientRead(node, of=owner))
        return Gradient(owner)
    if isinstance(owner, Gradient):
        return owner if name == "data" else Method(owner, name)
    if isinstance(owner, Unknown):
        if name == "training" and name not in owner.cells:
            return _training(machine, owner)
        if name in methods.METHODS and name not in owner.cells and not _is_network_like(owner):
            return Method(owner, name)
        if name == "data" or (name in methods.ATTRIBUTES and name not in owner.cells):
            # It may be no tensor at all (a graph's `.data`): then nothing is cut here.
            seen = _tensor_attribute(machine, Tensor(owner.deps, False if owner.cut else None), name, node)
            return replace(seen, cut=None) if isinstance(seen, Tensor) else seen
        return member(machine, owner, name, node)
    if isinstance(owner, Tensor):
        return _tensor_attribute(machine, owner, name, node)
    if isinstance(owner, Module):
        value = owner.scope.cells.get(name)
        if value is None:
            value = imports.submodule(machine, owner, name)
        return value if value is not None else Unknown()
    if isinstance(owner, Either):
        return one_of([attribute(machine, option, name, node) for option in owner.options if not _is_nothing(option)] or [Unknown()])
    if isinstance(owner, Class):
        return _of_class(owner, name)
    if isinstance(owner, Super):
        return _of_super(machine, owner, name, node)
    if isinstance(owner, Optimizer):
        if name in owner.cells:
            return owner.cells[name]  # type: ignore[no-any-return]
        if name == "param_groups":
            machine.emit(GroupsUsed(node, optimizer=owner))
        return Unknown() if name in {"param_groups", "state", "defaults"} else Method(owner, name)
    if isinstance(owner, Data):
        if name in owner.arguments:
            return owner.arguments[name]
        if isinstance(owner.fact, Dataset) and (part := dict(owner.fact.fields).get(name)) is not None:
            return stored(part, owner.fact.classes, node)
    if isinstance(owner, Sequence) and name in {"values", "indices"} and len(owner.items) == 2:
        return owner.items[name == "indices"]
    return Method(owner, name)


def stored(part: str, classes: int | None, node: ir.Node, scale: Scale = Scale.RAW) -> Value:
    """Data as a data set stores them, before any transform."""
    if part == "image":
        return Tensor(graph=False, scale=scale, scale_node=node)
    if part == "label":
        return Tensor(graph=False, kind=Kind.CLASS_IDS, kind_node=node, classes=classes)
    return Unknown(cut=True)


def _is_network_like(owner: Unknown) -> bool:
    """Whether a name that tensors share (`apply`, `half`) rather belongs to something that also has other attributes."""
    return owner.uses is not None and bool(owner.uses.attributes & {"train", "eval", "parameters", "state_dict"})


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Known) and value.value is None


def _tensor_attribute(machine: Machine, owner: Tensor, name: str, node: ir.Node) -> Value:
    effect = methods.ATTRIBUTES.get(name)
    if effect is None:
        if library_method(name) is None:
            # Not a tensor after all, but something with a tensor inside: `outputs.loss`.
            return Unknown(owner.deps, cut=owner.graph is False)
        return Method(owner, name)
    return transfer_attribute(owner, effect, node)


def _of_class(cls: Class, name: str) -> Value:
    value = cls.attribute(name)
    if isinstance(value, Function):
        return Method(cls, value) if value.binding == "class" else value
    if value is not None:
        return value
    library = next((base for base in cls.libraries if lookup_library(f"{base}.{name}") is not None), None)
    return Library(f"{library}.{name}") if library is not None else Unknown()


def _of_super(machine: Machine, owner: Super, name: str, node: ir.Attribute) -> Value:
    receiver = owner.receiver
    cls = receiver.cls if isinstance(receiver, Object) else receiver
    found = cls.attribute(name, owner.after) if cls is not None else None
    if isinstance(found, Function):
        if found.binding == "property":
            return machine.call(Method(receiver, found), Arguments(), node)
        return found if found.binding == "static" else Method(receiver, found)
    if found is not None:
        return found
    return Method(receiver, f"super.{name}") if isinstance(receiver, Object) else Unknown()


def _of_object(machine: Machine, owner: Object, name: str, node: ir.Attribute) -> Value:
    value = owner.cells.get(name)
    if value is not None:
        return value  # type: ignore[no-any-return]
    if owner.cls is not None:
        found = owner.cls.attribute(name)
        if found is not None:
            return _bound(machine, owner, found, node)
        if owner.foreign and not _is_method_of_library(owner, name):
            return foreign_member(machine, owner, name, node)
    if owner.module:
        if name == "training":
            return _training(machine, owner)
        if name in MODULE_METHODS:
            return Method(owner, name)
        if owner.cls is not None and _is_method_of_library(owner, name):
            return Method(owner, name)
        if name == "module" and not owner.foreign:
            # DataParallel and its kin are the network itself here.
            return owner
        if owner.foreign or owner.cls is not None:
            return foreign_member(machine, owner, name, node)
        if isinstance(owner.fact, Network):
            if name in owner.fact.without_gradients:
                return Method(owner, name)
            return _network_member(machine, owner, name, node)
        if name in {"weight", "bias"} or name.endswith(("_weight", "_bias")):
            return Tensor(graph=True, parameter=owner)
    if name in owner.arguments:
        return owner.arguments[name]
    if owner.name is not None and owner.cls is None:
        return Method(owner, name)
    if owner.cls is not None and (not owner.cls.resolved or any(True for _ in owner.cls.libraries)):
        if _is_method_of_library(owner, name):
            return Method(owner, name)
        return foreign_member(machine, owner, name, node)
    return Unknown()


def _is_method_of_library(owner: Object, name: str) -> bool:
    if owner.module and name in MODULE_METHODS:
        return True
    return owner.cls is not None and any(library_member(base, name) is not None for base in owner.cls.libraries)


def _bound(machine: Machine, owner: Object, found: Value, node: ir.Attribute) -> Value:
    if isinstance(found, Function):
        if found.binding == "property":
            return machine.call(Method(owner, found), Arguments(), node)
        if found.binding == "static":
            return found
        return Method(owner.cls if found.binding == "class" and owner.cls is not None else owner, found)
    if isinstance(found, Partial):
        return Method(owner, found.function) if isinstance(found.function, Function) else found
    return found


def _network_member(machine: Machine, owner: Object, name: str, node: ir.Attribute) -> Value:
    """A part of a library network whose layers are not modelled."""
    part = Object(node, module=True, foreign=True)
    part.cells["<owner>"] = owner
    owner.cells[name] = part
    return part


def foreign_member(machine: Machine, owner: Object, name: str, node: ir.Attribute) -> Value:
    """An attribute that no code in sight sets: the uses of it in the object's class say what it is."""
    if owner.uses is None and owner.cls is not None:
        owner.uses = class_uses(machine, owner.cls)
    value = member(machine, owner, name, node)
    if isinstance(value, Object) and owner.module and "<owner>" not in value.cells:
        value.cells["<owner>"] = owner
    return value


def class_uses(machine: Machine, cls: Class) -> Uses:
    """How the methods of a class and of its bases use `self`."""
    uses = machine.class_uses.get(cls.definition)
    if uses is None:
        table: dict[str, set[str]] = {}
        for base in cls.mro:
            if not isinstance(base, Class):
                continue
            for statement in base.definition.body:
                if isinstance(statement, ir.FunctionDef) and statement.parameters.positional:
                    for path, attributes in uses_in_method(statement).items():
                        table.setdefault(path, set()).update(attributes)
        uses = machine.class_uses[cls.definition] = Uses(table, "self")
    return uses


def _training(machine: Machine, owner: Object | Unknown) -> Value:
    modes = {mode for mode, _ in machine.mode_of(owner)}
    if modes == {Mode.TRAIN}:
        return Known(value=True)
    return Known(value=False) if modes == {Mode.EVAL} else Training(owner)


MODULE_METHODS = frozenset({
    "train", "eval", "parameters", "named_parameters", "buffers", "named_buffers", "children", "named_children", "modules",
    "named_modules", "zero_grad", "to", "cuda", "cpu", "half", "float", "double", "bfloat16", "type", "share_memory", "to_empty",
    "state_dict", "load_state_dict", "apply", "requires_grad_", "forward", "add_module", "register_module", "register_buffer",
    "register_parameter", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook", "compile",
    "get_submodule", "get_parameter", "extra_repr", "append", "extend", "insert", "keys", "values", "items", "__call__",
})  # fmt: skip
