"""A report of a run in which nothing is as it should be: what a page has to survive."""

import math
from dataclasses import replace

from trainlint.probe.probing import ProbeReport


def extreme(report: ProbeReport) -> ProbeReport:
    """The same with hundreds of layers of long names, and values that are no numbers, infinite, or far apart."""
    observation = report.observation
    assert observation is not None
    (layer, *_), (optimizer, *_), (network, *_) = observation.layers, observation.optimizers, observation.networks
    layers = tuple(
        replace(
            layer,
            name=f"blocks.{number}.<b>attention</b>.projection_of_the_values",
            order=number,
            gradient_norms=(math.nan, math.inf, 0.0, 1e-30 * 10.0 ** (number / 4)),
            dropout_variance_ratio=math.inf if number % 2 else 1.5,
        )
        for number in range(200)
    )
    parameters = tuple(replace(observation.parameters[0], layer=number) for number in range(200))
    values = (1e-12, math.nan, math.inf, 1e12, 0.0, -1.0)
    odd = replace(
        observation,
        layers=layers,
        parameters=parameters,
        networks=(replace(network, outputs_by_mode=((math.nan, 1.0), (math.inf, 2.0), (0.5, 0.25))),),
        optimizers=(
            replace(optimizer, gradient_norms=values, loss_values=values, update_ratios=values, update_steps=(0, 1, 2, 5, 10, 15)),
        ),
        losses=tuple(
            replace(loss, attenuation=(math.nan,) * 6, labels={str(n): n + 9 for n in range(-5, 300)}) for loss in observation.losses
        ),
    )
    return replace(
        report,
        observed=replace(report.observed, observation=odd),
        original_losses=(math.nan,) * 6,
        fixed_losses=(1.0, math.inf, 2.0, 5e5, 1.0, 0.0),
    )
