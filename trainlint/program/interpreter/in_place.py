"""Tensors that are changed where they are: by methods with an underscore, by `out=`, and part by part."""

from dataclasses import replace

from trainlint.knowledge.facts import RAW_SCALES, Effect, Function
from trainlint.knowledge.library import method
from trainlint.program.events import Draw
from trainlint.program.interpreter.assignment import assign
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import Method, Tensor, Value
from trainlint.source import ir
from trainlint.source.walk import descendants


def by_method(machine: Machine, node: ir.Attribute, function: Value, result: Value) -> None:
    """`x.clamp_(0, 1)`, also through `x.data` and after other such calls: from now on the variable holds the result."""
    before = function.receiver if isinstance(function, Method) else None
    if not isinstance(before, Tensor) or not isinstance(result, Tensor) or before.parameter is not None or before.number:
        return
    if not isinstance(fact := method(node.attr), Function) or fact.effect not in {Effect.ARITHMETIC, Effect.ACTIVATE}:
        return
    target = node.value
    while isinstance(target, ir.Call) and isinstance(target.function, ir.Attribute) and target.function.attr.endswith("_"):
        target = target.function.value
    if isinstance(target, ir.Attribute) and target.attr == "data":
        target = target.value
        if isinstance(whole := machine.evaluate(target), Tensor):
            result = replace(result, graph=whole.graph)
    if isinstance(target, ir.Name | ir.Attribute):
        old = machine.evaluate(target)
        assign(machine, target, result)
        of_part(machine, old, result)


def by_output(machine: Machine, target: ir.Expr, result: Value) -> None:
    """`torch.div(x, 255, out=x)`: the variable holds the result."""
    if isinstance(result, Tensor) and isinstance(target, ir.Name | ir.Attribute):
        assign(machine, target, result)


def of_part(machine: Machine, old: Value, result: Value) -> None:
    """`for channel in image: channel -= mean`: where a loop runs over the parts of raw data, the data are as its parts have become."""
    if not isinstance(old, Tensor) or old.scale not in RAW_SCALES or not isinstance(result, Tensor) or result.scale in RAW_SCALES:
        return
    around = {passed.loop for passed in machine.loops}
    for event in old.deps:
        if type(event) is not Draw or event.loop not in around or not isinstance(event.loop.node, ir.For):
            continue
        for inner in descendants((event.loop.node.iterable,)):
            if isinstance(inner, ir.Name) and isinstance(whole := machine.evaluate(inner), Tensor) and whole.scale in RAW_SCALES:
                assign(machine, inner, replace(whole, scale=result.scale, scale_node=result.scale_node))
