"""Settings of a program: what argparse and its kin make of the command line."""

from trainlint.knowledge.facts import Setting
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import Known, Mapping, Object, Sequence, Unknown, Value, sequence
from trainlint.source import ir


def declare(machine: Machine, parser: Object, fact: Setting, arguments: Arguments) -> None:
    """A setting with its default, if it has one."""
    name = _name(fact, arguments)
    if name is None:
        for key, given in arguments.keywords.items():
            machine.write(parser.cells, key, soft(given))
        return
    default = arguments.get(fact.default, fact.parameters)
    action = arguments.get(fact.action, fact.parameters) if fact.action is not None else None
    value: Value = Unknown(cut=True)
    stores = action.value if isinstance(action, Known) else None
    if isinstance(default, Known) and (stores, default.value) in {("store_true", True), ("store_false", False)}:
        value = default  # no command line can change it
    elif default is not None:
        value = soft(default)
    elif isinstance(action, Known) and action.value in {"store_true", "store_false"}:
        value = Known(action.value == "store_false", soft=True)
    machine.write(parser.cells, name, value)


def _name(fact: Setting, arguments: Arguments) -> str | None:
    target = arguments.get(fact.target, fact.parameters) if fact.target is not None else None
    if isinstance(target, Known) and isinstance(target.value, str):
        return target.value
    first = arguments.get(fact.name, fact.parameters)
    flags = [value.value for value in (*arguments.positional, *((first,) if first is not None else ())) if isinstance(value, Known)]
    names = [flag for flag in flags if isinstance(flag, str)]
    if not names:
        return None
    chosen = next((flag for flag in names if flag.startswith("--")), names[0])
    return chosen.lstrip("-").replace("-", "_")


def settings(parser: Value | None, node: ir.Node, *, pair: bool) -> Value:
    """The object with the declared settings as attributes; what was not declared is not known."""
    cells = dict(parser.cells) if isinstance(parser, Object) else {}
    namespace = Object(node, name="argparse.Namespace", cells=cells, foreign=True)
    return sequence("tuple", (namespace, Unknown(cut=True))) if pair else namespace


def soft(value: Value) -> Value:
    """A default: it has a value, and decides no branch."""
    if isinstance(value, Known):
        return Known(value.value, soft=True)
    if isinstance(value, Sequence):
        return sequence(value.kind, tuple(soft(item) for item in value.items), more=True)
    return Mapping({key: soft(each) for key, each in value.cells.items()}, open=True) if isinstance(value, Mapping) else value
