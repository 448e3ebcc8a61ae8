"""TL607."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Named, Replace
from trainlint.findings import Category
from trainlint.program.kept_weights import moved_on
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class AliasedBestWeights(Rule):
    """
    The best weights are kept without a copy, and change as training goes on.

    ## What it checks

    A `state_dict()` that is kept, and loaded or saved after an optimizer has stepped on the parameters in it.

    ## Why it matters

    `state_dict()` holds the parameters themselves. Every step changes what is in it: what is loaded at the end as the
    best weights are the last ones, and early stopping restores nothing.

    ## When it stays silent

    When it is copied (`copy.deepcopy`, a dict of clones), or saved or loaded before the next step; when it cannot be
    followed from where it is kept to where it is used: inside of a container or an object out of sight. Keeping the
    network itself (`best = model`) is not judged.

    ## How to fix it

    Keep `copy.deepcopy(model.state_dict())`.

    ## References

    - PyTorch: [Saving and loading models](https://pytorch.org/tutorials/beginner/saving_loading_models.html)
    """

    code = "TL607"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            best, best_loss = None, float("inf")
            for epoch in range(10):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                loss = validate(model)
                if loss < best_loss:
                    best, best_loss = model.state_dict(), loss  # <- here
            model.load_state_dict(best)
            """,
            fixed="""
            import torch
            from torch import nn
            import copy

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            best, best_loss = None, float("inf")
            for epoch in range(10):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                loss = validate(model)
                if loss < best_loss:
                    best, best_loss = copy.deepcopy(model.state_dict()), loss
            model.load_state_dict(best)
            """,
        ),
        Good(
            """
            import copy
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            best, best_loss = None, float("inf")
            for epoch in range(10):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                loss = validate(model)
                if loss < best_loss:
                    best, best_loss = copy.deepcopy(model.state_dict()), loss
            model.load_state_dict(best)
            """,
            because="the copy stays as it is",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports state dicts that are used after training has changed them."""
        for run, weights, used, step in moved_on(program):
            yield Sighting(
                weights.node,
                "these weights are kept without a copy: they change with every step until they are used",
                ((step.node, "a step changes them"), (used.node, "they are used here")),
                confidence=run.confidence,
                fix=_cures(weights.node),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks whether the weights that are held have moved with the network."""
        for kept in observation.kept_weights:
            if kept.moved:
                related = ((kept.used, "they are used here"),) if kept.used else ()
                yield confirmed(
                    kept.place,
                    f"{kept.moved} of {kept.held_on} sets of weights that are held on to had changed by the next steps",
                    threshold="any change",
                    source=EXACT,
                    value=float(kept.moved),
                    message="these weights are kept without a copy, and used after they have changed" if kept.used_moved else None,
                    related=related,
                )
            else:
                measured = f"of {kept.taken} sets of weights taken here, {kept.held_on} are held on to, and none of them changes"
                yield not_reproduced(kept.place, measured, threshold="any change", source=EXACT, value=0.0)


def _cures(weights: ir.Node) -> tuple[Cure, ...]:
    """A copy of the weights."""
    if not isinstance(weights, ir.Call):
        return ()
    change = Replace(weights, (Named("copy.deepcopy", imported=True), "(", weights, ")"))
    reason = "what is kept are the weights of that time, as they are meant to be; the training is the same"
    return (Cure("Keep a copy of the weights", (change,), reason),)
