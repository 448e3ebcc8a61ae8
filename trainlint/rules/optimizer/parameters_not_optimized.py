"""TL403."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.events import Doubled
from trainlint.program.optimized import left_out, replaced_parts
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ParametersNotOptimized(Rule):
    """
    A network is trained with the others, and no optimizer holds its parameters.

    ## What it checks

    A network with random weights that a backward pass goes through, in a program in which all optimizers are known and
    none of them holds it; a part that a network gets after its optimizer was constructed; and a list that holds the
    parameters of one network twice.

    ## Why it matters

    Gradients are computed for these parameters and never used: they stay as they were initialized. A head that was
    replaced too late classifies by chance, however long the training runs.

    ## When it stays silent

    When weights were loaded, pretrained or frozen; when the network is in evaluation mode, runs without gradients or a
    part of its output is detached; when a later optimizer or `add_param_group` holds the part; when the parameters of one
    of the optimizers could not be read, or a call that cannot be followed was given the network. Single tensors and a
    part of a network beside parts that are optimized are not judged.

    ## How to fix it

    Give the optimizer the parameters of all networks, and construct it after the last layer is in its place. No fix is
    offered: at what learning rate, and by which of the optimizers, is the author's choice.

    ## References

    - PyTorch: [Constructing an optimizer](https://pytorch.org/docs/stable/optim.html#constructing-it)
    """

    code = "TL403"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn
            from torchvision import models

            model = models.resnet18(weights="DEFAULT")
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
            model.fc = nn.Linear(512, 2)  # <- here
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                optimizer.step()
            """
        ),
        Bad(
            """
            import torch
            from torch import nn

            encoder, decoder = nn.Linear(8, 4), nn.Linear(4, 8)
            optimizer = torch.optim.Adam(decoder.parameters())
            for inputs in loader:
                optimizer.zero_grad()
                codes = encoder(inputs)  # <- here
                nn.functional.mse_loss(decoder(codes), inputs).backward()
                optimizer.step()
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            encoder, decoder = nn.Linear(8, 4), nn.Linear(4, 8)
            encoder.load_state_dict(torch.load("encoder.pt"))
            optimizer = torch.optim.Adam(decoder.parameters())
            for inputs in loader:
                optimizer.zero_grad()
                nn.functional.mse_loss(decoder(encoder(inputs)), inputs).backward()
                optimizer.step()
            """,
            because="the encoder was trained before",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports networks and parts of networks whose gradients nobody uses."""
        for replaced in replaced_parts(program):
            yield Sighting(
                replaced.replace.node,
                "this part is not in the optimizer: its parameters were taken before",
                ((replaced.construct.node, "the optimizer is given the parameters here"), (replaced.step.node, "it steps here")),
                confidence=replaced.run.confidence,
            )
        for run, doubled in program.each(Doubled):
            yield Sighting(
                doubled.node,
                "the parameters of one network stand twice in this list",
                ((doubled.module.node, "it is this network"),) if isinstance(doubled.module, Object) else (),
                confidence=run.confidence,
            )
        for run, forward, module, step in left_out(program):
            yield Sighting(
                forward.node,
                "this network is trained with the others, and no optimizer holds its parameters",
                ((module.node, "it is constructed here, with random weights"), (step.node, "the step leaves it as it is")),
                confidence=run.confidence,
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the parameters that get gradients with those that the optimizers hold."""
        if not any(optimizer.steps for optimizer in observation.optimizers):
            return
        for number, network in enumerate(observation.networks):
            own = [parameter for parameter in observation.parameters if parameter.network == number and parameter.trainable]
            lost = [parameter for parameter in own if parameter.had_gradient and not parameter.optimizers and not parameter.changed]
            place = next((call.place for call in observation.forwards if call.network == number and call.trained), None)
            if not own or place is None:
                continue
            measured = f"{len(lost)} of {len(own)} parameters of `{network.kind}` get gradients, and no optimizer holds them"
            if not lost:
                parts = dict.fromkeys(observation.layers[each.layer].constructed for each in own if each.layer is not None)
                for part in (place, *parts):
                    yield not_reproduced(part, measured, threshold="any", source=EXACT, value=0.0)
            elif network.pretrained or (network.fed and len(lost) == len(own)):
                yield inconclusive(place, "they may be meant to stay as they are", measured=measured, threshold="any")
            elif len(lost) == len(own):
                message = "this network is trained with the others, and no optimizer holds its parameters"
                yield confirmed(place, measured, threshold="any", source=EXACT, value=1.0, message=message)
            else:
                layers = dict.fromkeys(parameter.layer for parameter in lost if parameter.layer is not None)
                for told, layer in enumerate(layers):
                    made = observation.layers[layer].constructed
                    if made is not None:
                        message = "this part is in no optimizer: its parameters get gradients and never change"
                        value = len(lost) / len(own)
                        yield confirmed(made, measured, threshold="any", source=EXACT, value=value, message=None if told else message)
