"""TL204."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Named, Replace
from trainlint.findings import Category
from trainlint.program.networks import Hidden, hidden_modules
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.source.walk import descendants
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class UnregisteredModules(Rule):
    """
    Layers with weights are kept in a plain list or dict, where the network does not see them.

    ## What it checks

    After its construction a network holds layers that have parameters in a Python list, tuple or dict, and nowhere else.

    ## Why it matters

    `parameters()`, `to(device)`, `state_dict()`, `train()` and `eval()` pass over what is in a plain container. The optimizer
    never gets these weights: they keep their random values, are not saved, and stay on the CPU.

    ## When it stays silent

    When the list goes into an `nn.ModuleList`, an `nn.Sequential` or `add_module`; when something asks for the parameters of the
    layers themselves, as in `chain(*(layer.parameters() for layer in self.layers))`; for frozen networks, networks that come
    from outside, and a list of one, which hides a network on purpose (`self.teacher = [teacher]`). It does not follow lists that
    are filled after the construction.

    ## How to fix it

    Use `nn.ModuleList([…])` for a list and `nn.ModuleDict({…})` for a dict; they are indexed and looped over in the same way.

    ## References

    - PyTorch: [ModuleList](https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html)
    - PyTorch issue 8017: modules in a list are not registered
    """

    code = "TL204"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self, depth):
                    super().__init__()
                    self.layers = []
                    for _ in range(depth):
                        self.layers.append(nn.Linear(8, 8))  # <- here

                def forward(self, x):
                    for layer in self.layers:
                        x = layer(x).relu()
                    return x
            """,
            fixed="""
            from torch import nn

            class Net(nn.Module):
                def __init__(self, depth):
                    super().__init__()
                    self.layers = nn.ModuleList()
                    for _ in range(depth):
                        self.layers.append(nn.Linear(8, 8))

                def forward(self, x):
                    for layer in self.layers:
                        x = layer(x).relu()
                    return x
            """,
        ),
        Bad(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.heads = {"age": nn.Linear(8, 1), "sex": nn.Linear(8, 2)}  # <- here

                def forward(self, x):
                    return {name: head(x) for name, head in self.heads.items()}
            """,
            fixed="""
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.heads = nn.ModuleDict({"age": nn.Linear(8, 1), "sex": nn.Linear(8, 2)})

                def forward(self, x):
                    return {name: head(x) for name, head in self.heads.items()}
            """,
        ),
        Good(
            """
            from torch import nn

            class Net(nn.Module):
                def __init__(self, depth):
                    super().__init__()
                    layers = []
                    for _ in range(depth):
                        layers.append(nn.Linear(8, 8))
                    self.layers = nn.ModuleList(layers)

                def forward(self, x):
                    for layer in self.layers:
                        x = layer(x).relu()
                    return x
            """,
            because="`nn.ModuleList` registers what it holds",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the first layer of each such container."""
        for hidden in hidden_modules(program):
            message = f"the network does not see this layer: `{hidden.event.attribute}` is a plain container"
            evidence = ((hidden.event.node, "the network is built here"),)
            yield Sighting(hidden.modules[0].node, message, evidence, confidence=hidden.run.confidence, fix=_cures(hidden))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks for layers that get gradients, belong to no network that is called, and are held by no optimizer."""
        told = False
        for index, layer in enumerate(observation.layers):
            own = [parameter for parameter in observation.parameters if parameter.layer == index and parameter.trainable]
            if not own or layer.constructed is None or layer.made_in_forward:
                continue
            hidden = layer.network is None and all(parameter.had_gradient and not parameter.optimizers for parameter in own)
            if hidden:
                yield confirmed(
                    layer.constructed,
                    f"the {len(own)} parameters of `{layer.name}` get gradients, and `parameters()` of no network has them",
                    threshold="any",
                    source=EXACT,
                    message=None if told else "the network does not see this layer: it holds it in a plain container",
                )
                told = True
            elif layer.network is not None:
                yield not_reproduced(layer.constructed, f"`{layer.name}` is part of its network", threshold="any", source=EXACT)


def _cures(hidden: Hidden) -> tuple[Cure, ...]:
    """A container of modules in the place of the plain one, where the network's code builds it in one place."""
    network = hidden.event.network
    if not isinstance(network, Object) or network.cls is None:
        return ()
    assigned = [
        node.value
        for node in descendants((network.cls.definition,))
        if isinstance(node, ir.Assign) and any(_is_attribute(target, hidden.event.attribute) for target in node.targets)
    ]
    value = assigned[0] if len(assigned) == 1 else None
    if isinstance(value, ir.Sequence | ir.Comprehension) and value.kind in {"list", "tuple"}:
        container = "torch.nn.ModuleList"
    elif isinstance(value, ir.Dict) and all(isinstance(key, ir.Constant) and isinstance(key.value, str) for key, _ in value.items):
        container = "torch.nn.ModuleDict"
    else:
        return ()
    empty = isinstance(value, ir.Sequence | ir.Dict) and not value.items
    named = Named(container, imported=True)
    change = Replace(value, (named, "()") if empty else (named, "(", value, ")"))
    return (
        Cure(f"Keep the layers in a `{container.rpartition('.')[2]}`", (change,), "there are more weights to train, as are meant to be"),
    )


def _is_attribute(target: ir.Expr, name: str) -> bool:
    return isinstance(target, ir.Attribute) and target.attr == name and isinstance(target.value, ir.Name)
