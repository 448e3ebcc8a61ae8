"""TL302."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.losses import without_activation
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.measures import typical
from trainlint.program.losses import loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SoftmaxBeforeCrossEntropy(Rule):
    """
    A softmax output is fed to a cross-entropy that applies softmax itself.

    ## What it checks

    The input of `CrossEntropyLoss` or `cross_entropy` comes out of a softmax, in a layer, in `forward`, in another module or in
    the loop. After `log_softmax` the result is the same as without it, so that case is advice.

    ## Why it matters

    The loss takes the softmax of probabilities: for ten classes it cannot fall below 1.46, and the gradient at the logits
    shrinks to about a tenth. The network still learns, slowly and badly, and nothing looks broken.

    ## When it stays silent

    When the softmax is on the target's side, in an attention, or for metrics only; when arithmetic lies between the softmax
    and the loss; when the way from one to the other cannot be followed.

    ## How to fix it

    Remove the softmax from the network and apply it where probabilities are needed, or take the logarithm and use `NLLLoss`.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    - PyTorch issue 55902: Warn when softmax is followed by cross entropy
    """

    code = "TL302"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10), nn.Softmax(dim=1))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """,
            fixed="""
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
        ),
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.output = nn.Linear(8, 10)

                def forward(self, x):
                    return F.softmax(self.output(x), dim=-1)

            net = Net()
            for inputs, labels in loader:
                predictions = net(inputs)
                F.cross_entropy(predictions, labels).backward()  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.output = nn.Linear(8, 10)

                def forward(self, x):
                    return self.output(x)

            net = Net()
            for inputs, labels in loader:
                predictions = net(inputs)
                F.cross_entropy(predictions, labels).backward()
            """,
        ),
        Good(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 10), nn.LogSoftmax(dim=1))
            criterion = nn.NLLLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
            because="NLLLoss wants log-probabilities",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports an input that is a softmax, or a log-softmax at a lower severity."""
        for call in loss_calls(program, Takes.LOGITS):
            kind = call.input.kind if call.input is not None else None
            if kind is Kind.SOFTMAX:
                message = "the loss takes the softmax of its input, which is the output of a softmax already"
                yield Sighting(
                    call.place,
                    message,
                    ((call.kind_place, "softmax is applied here"),),
                    confidence=call.run.confidence,
                    fix=tuple(without_activation(program, call, "softmax")),
                )
            elif kind is Kind.LOG_SOFTMAX:
                message = "the loss takes the log-softmax of its input, which is the output of a log-softmax already"
                yield Sighting(
                    call.place,
                    message,
                    ((call.kind_place, "log-softmax is applied here"),),
                    category=Category.ADVICE,
                    confidence=call.run.confidence,
                    fix=tuple(without_activation(program, call, "log-softmax")),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether the rows that reach the loss sum to one, or their exponentials do."""
        for loss in observation.losses:
            if loss.function != "cross_entropy" or (loss.units or 0) < 2:
                what = f"the loss is `{loss.function}` over {loss.units} unit{'s' * (loss.units != 1)}"
                yield not_reproduced(loss.place, what, threshold="a cross-entropy over rows that sum to 1", source=EXACT)
                continue
            kept = typical(loss.attenuation)
            weak = f", and the gradient at the logits is {kept:.2f} times that of a plain cross-entropy" if kept is not None else ""
            origin = loss.origin.place if loss.origin is not None and "softmax" in loss.origin.operation else None
            if loss.simplex:
                yield confirmed(
                    loss.place,
                    f"every row of the input sums to 1{weak}",
                    threshold="rows that sum to 1",
                    source=EXACT,
                    value=kept,
                    message="the loss takes the softmax of its input, whose rows sum to 1 already",
                    related=((origin, "softmax is applied here"),) if origin else (),
                )
            elif loss.log_simplex:
                yield confirmed(
                    loss.place,
                    "the exponentials of every row of the input sum to 1",
                    threshold="rows whose exponentials sum to 1",
                    source=EXACT,
                    message="the loss takes the log-softmax of its input, which is a log-softmax already",
                    category=Category.ADVICE,
                )
            else:
                yield not_reproduced(loss.place, "the rows of the input do not sum to 1", threshold="rows that sum to 1", source=EXACT)
