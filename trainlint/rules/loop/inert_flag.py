"""TL515."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.cures.surroundings import around
from trainlint.findings import Category
from trainlint.program.events import Answer, FlagSet
from trainlint.program.networks import holds
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Known, Object
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


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
            """,
            fixed="""
            from torch import nn

            body, head = nn.Linear(8, 8), nn.Linear(8, 2)
            for parameter in body.parameters():
                parameter.requires_grad = False
            """,
        ),
        Bad(
            """
            from torch import nn

            body, head = nn.Linear(8, 8), nn.Linear(8, 2)
            body.requires_grad = False  # <- here
            """,
            fixed="""
            from torch import nn

            body, head = nn.Linear(8, 8), nn.Linear(8, 2)
            body.requires_grad_(False)
            """,
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
                        fix=_cures(program, flag, ".train()" if flag.value.value else ".eval()"),
                    )
            elif whole:
                yield Sighting(
                    flag.node,
                    f"a network has no flag `{flag.attribute}`: its parameters stay as they are",
                    confidence=run.confidence,
                    fix=_cures(program, flag, f".requires_grad_({flag.value.value})"),
                )
            else:
                yield Sighting(
                    flag.node,
                    f"nothing reads `{flag.attribute}`: the flag is called `requires_grad`",
                    confidence=run.confidence,
                    fix=_spelled_right(flag.node),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks whether what a flag was set for came about."""
        for switch in observation.switches:
            if not switch.mode:
                yield not_reproduced(switch.place, "`eval()` reaches every layer inside", threshold="any that stays", source=EXACT)
        for flag in observation.flags:
            if flag.without_effect is None:
                continue
            if flag.attribute == "training":
                what, message = "the layers inside stay in the other mode", "this switches the network itself and none of the layers inside"
            elif flag.on_network:
                what, message = (
                    "its parameters stay as they are",
                    f"a network has no flag `{flag.attribute}`: its parameters stay as they are",
                )
            else:
                what, message = "`requires_grad` stays as it was", f"nothing reads `{flag.attribute}`: the flag is called `requires_grad`"
            if flag.without_effect:
                yield confirmed(flag.place, f"after it, {what}", threshold="any that does", source=EXACT, message=message)
            else:
                yield not_reproduced(flag.place, "what it asks for is so", threshold="any that is not", source=EXACT)


_REASON = "what is trained changes, as it is meant to"


def _spelled_right(flag: ir.Node) -> tuple[Cure, ...]:
    if not isinstance(flag, ir.Attribute):
        return ()
    return (Cure("Spell the flag as `requires_grad`", (Replace(flag, (flag.value, ".requires_grad")),), _REASON),)


def _cures(program: TrainingProgram, flag: FlagSet, method: str) -> tuple[Cure, ...]:
    """The method that reaches the layers inside, in the place of the assignment."""
    assignment = next(iter(around(program, flag.node)), None)
    if not isinstance(flag.node, ir.Attribute) or not isinstance(assignment, ir.Assign) or len(assignment.targets) > 1:
        return ()
    return (Cure(f"Call `{method[1:]}`", (Replace(assignment, (flag.node.value, method)),), _REASON),)
