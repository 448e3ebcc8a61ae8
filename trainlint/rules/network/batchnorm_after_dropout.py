"""TL201."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Change, Cure, Replace, SwapItems
from trainlint.findings import Category
from trainlint.knowledge.facts import Role
from trainlint.program.events import LayerCall
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Tensor
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class BatchnormAfterDropout(Rule):
    """
    A batch normalization reads what a dropout has thinned out.

    ## What it checks

    A BatchNorm whose input comes out of a Dropout directly or through steps without weights (activation, pooling, flatten,
    reshape), also across modules.

    ## Why it matters

    In training the variance that BatchNorm sees includes the noise of the dropout; in evaluation the noise is gone, and the
    running variance is too large by a factor of 1.2 (p = 0.1) to 3.9 (p = 0.5). The outputs shift between training and
    evaluation. Measured on small networks the cost in loss is clear and the cost in accuracy small.

    ## When it stays silent

    When any weighted layer lies between (as in WideResNet), for parallel branches, `p = 0`, LayerNorm and GroupNorm; when
    the way from the one to the other cannot be followed: layers that a list of unknown length holds, that are chosen while
    the program runs, or that stand inside of a library's network.

    ## How to fix it

    Put the Dropout after the BatchNorm, and after the last BatchNorm of the network if possible.

    ## References

    - Li, Chen, Hu, Yang: [Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift](https://arxiv.org/abs/1801.05134)
    """

    code = "TL201"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Sequential(
                nn.Conv2d(3, 16, 3),
                nn.Dropout(0.3),
                nn.ReLU(),
                nn.BatchNorm2d(16),  # <- here
            )
            outputs = model(inputs)
            """,
            fixed="""
            from torch import nn

            model = nn.Sequential(
                nn.Conv2d(3, 16, 3),
                nn.BatchNorm2d(16),
                nn.ReLU(),
                nn.Dropout(0.3),
            )
            outputs = model(inputs)
            """,
        ),
        Good(
            """
            from torch import nn

            model = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Dropout(0.3), nn.Conv2d(16, 16, 3), nn.BatchNorm2d(16))
            outputs = model(inputs)
            """,
            because="a weighted layer lies between them",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports a batch normalization whose input carries a dropout's mark."""
        for run, call in program.each(LayerCall):
            if call.role is Role.BATCH_NORM and isinstance(call.input, Tensor) and call.input.dropout is not None:
                message = "this batch normalization reads what a dropout has thinned out"
                yield Sighting(
                    call.defined or call.node,
                    message,
                    ((call.input.dropout, "the dropout"),),
                    confidence=run.confidence,
                    fix=tuple(_cures(program, call, call.input.dropout)),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the variance that each batch normalization reads with dropout on and off, on the same batch and weights."""
        for layer in observation.layers:
            ratio = layer.dropout_variance_ratio
            if ratio is None:
                continue
            measured = f"with dropout on, `{layer.name}` reads {ratio:.2f} times the variance that it reads with dropout off"
            if ratio > 1.05:
                yield confirmed(
                    layer.constructed,
                    measured,
                    threshold="over 1.05; over 1.3 it matters",
                    source="exactly 1 wherever no dropout comes before; 1.1 (p = 0.1) to 3.9 (p = 0.5) where one does",
                    value=ratio,
                    message="this batch normalization reads what a dropout has thinned out",
                    related=((layer.thinned_by, "the dropout"),) if layer.thinned_by else (),
                )
            else:
                yield not_reproduced(
                    layer.constructed, measured, threshold="over 1.05", source="exactly 1 wherever no dropout comes before", value=ratio
                )


def _cures(program: TrainingProgram, normalization: LayerCall, dropout: ir.Node) -> Iterator[Cure]:
    """Exchanges the two where they stand in one list of layers, or where each is applied once and by its name."""
    title, reason = "Put the dropout after the batch normalization", "the training result changes, as it is meant to"
    layer = normalization.defined
    if isinstance(layer, ir.Expr) and isinstance(dropout, ir.Expr):
        yield Cure(title, (SwapItems(dropout, layer),), reason)
    calls = [_single_call(program, node) for node in (layer, dropout)]
    first, second = calls
    if first is not None and second is not None and first is not second:
        exchange: tuple[Change, ...] = (Replace(first.function, second.function), Replace(second.function, first.function))
        yield Cure(title, exchange, reason)
    nested = _single_call(program, layer)
    if nested is not None and nested.arguments[0].value is dropout and isinstance(dropout, ir.Call) and dropout.arguments:
        first_argument, *settings = dropout.arguments
        if not any(each.star for each in dropout.arguments) and first_argument.keyword is None:
            rest = (piece for each in settings for piece in (f", {each.keyword}=" if each.keyword else ", ", each.value))
            yield Cure(
                title, (Replace(nested, (dropout.function, "(", nested.function, "(", first_argument.value, ")", *rest, ")")),), reason
            )


def _single_call(program: TrainingProgram, layer: ir.Node | None) -> ir.Call | None:
    """The only call that applies a layer, if it applies nothing else and takes one argument."""
    calls = [call for _, call in program.each(LayerCall)]
    nodes = {call.node for call in calls if call.defined is layer}
    node = nodes.pop() if len(nodes) == 1 else None
    alone = {call.defined for call in calls if call.node is node} == {layer}
    return node if alone and isinstance(node, ir.Call) and node is not layer and len(node.arguments) == 1 else None
