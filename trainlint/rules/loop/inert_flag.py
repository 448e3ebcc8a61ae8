"""TL515."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.program.events import Answer, FlagSet
from trainlint.program.networks import holds
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Known, Object
from trainlint.rule import Bad, Good, Rule, Sighting


class InertFlag(Rule):
    """
    A flag is assigned that looks as if it froze or switched a network, and does not.

    ## What it checks

    An assignment to `requires_grad` of a whole network; to a misspelled `requires_grad` of a parameter, such as
    `require_grad`; and to `training` of a network that holds dropout or BatchNorm, from outside of it.

    ## Why it matters

    Python takes any attribute. `model.requires_grad = False` freezes nothing, for only parameters have that flag; a
    misspelled one is a new attribute that nobody reads; `model.training = False` leaves every layer inside in the mode
    that it was in.

    ## When it stays silent

    When the network's class has an attribute of that name; when a network sets its own `training`; when no layer inside
    depends on the mode, or its mode is that one already. Assignments by `setattr` with a computed name are not followed.

    ## How to fix it

    Call `model.requires_grad_(False)`, write `parameter.requires_grad = False`, or call `model.eval()`.

    ## References

    - PyTorch: [Module.requires_grad_](https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.requires_grad_)
    """

    code = "TL515"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            body, head = nn.Linear(8, 8), nn.Linear(8, 2)
            for parameter in body.parameters():
                parameter.require_grad = False  # <- here
            """
        ),
        Bad(
            """
            from torch import nn

            body, head = nn.Linear(8, 8), nn.Linear(8, 2)
            body.requires_grad = False  # <- here
            """
        ),
        Good(
            """
            from torch import nn

            body, head = nn.Linear(8, 8), nn.Linear(8, 2)
            for parameter in body.parameters():
                parameter.requires_grad = False
            head.requires_grad_(False)
            """,
            because="parameters have this flag, and a network has a method that sets it for all of them",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports assignments of flags that nothing reads."""
        seen = set()
        for run, flag in program.each(FlagSet):
            if flag.node in seen or not isinstance(flag.value, Known) or not isinstance(flag.value.value, bool):
                continue
            seen.add(flag.node)
            whole = isinstance(flag.receiver, Object)
            if flag.attribute == "training":
                answer, layer = holds(flag.receiver) if flag.receiver is not None else (Answer.NO, None)
                if answer is Answer.YES and layer is not None:
                    yield Sighting(
                        flag.node,
                        "this switches the network itself and none of the layers inside",
                        ((layer.node, "this layer stays in the mode that it was in"),),
                        confidence=run.confidence,
                    )
            elif whole:
                yield Sighting(
                    flag.node, f"a network has no flag `{flag.attribute}`: its parameters stay as they are", confidence=run.confidence
                )
            else:
                yield Sighting(
                    flag.node, f"nothing reads `{flag.attribute}`: the flag is called `requires_grad`", confidence=run.confidence
                )
