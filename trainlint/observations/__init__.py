"""What a real run of a training program can show, as plain frozen data that crosses the border between processes as JSON.

The agent inside the user's process writes it without importing this module: what a field means is said here, once.
Positions count rows and columns from 1. Measurements that were not made are None, never 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.observations.network import Activation, DropoutUse, Flag, Forward, Input, Layer, Network, Parameter, Switch
from trainlint.observations.places import Histogram, Origin, Place, Spread
from trainlint.observations.surroundings import Ending, Failure, Incident, Surroundings
from trainlint.observations.training import (
    Backward,
    Clip,
    Crossing,
    Kept,
    KeptWeights,
    Loader,
    Loss,
    Margin,
    Misbuilt,
    NonFinite,
    Optimizer,
    Scaler,
    Scheduler,
)

__all__ = [
    "Activation",
    "Backward",
    "Clip",
    "Crossing",
    "DropoutUse",
    "Ending",
    "Failure",
    "Flag",
    "Forward",
    "Histogram",
    "Incident",
    "Input",
    "Kept",
    "KeptWeights",
    "Layer",
    "Loader",
    "Loss",
    "Margin",
    "Misbuilt",
    "Network",
    "NonFinite",
    "Observation",
    "Optimizer",
    "Origin",
    "Parameter",
    "Place",
    "Scaler",
    "Scheduler",
    "Spread",
    "Surroundings",
    "Switch",
]


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that one run has shown."""

    surroundings: Surroundings
    ending: Ending
    networks: tuple[Network, ...] = ()
    layers: tuple[Layer, ...] = ()
    activations: tuple[Activation, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    inputs: tuple[Input, ...] = ()
    forwards: tuple[Forward, ...] = ()
    losses: tuple[Loss, ...] = ()
    backwards: tuple[Backward, ...] = ()
    optimizers: tuple[Optimizer, ...] = ()
    schedulers: tuple[Scheduler, ...] = ()
    clips: tuple[Clip, ...] = ()
    loaders: tuple[Loader, ...] = ()
    scalers: tuple[Scaler, ...] = ()
    switches: tuple[Switch, ...] = ()
    flags: tuple[Flag, ...] = ()
    dropouts: tuple[DropoutUse, ...] = ()
    kept_weights: tuple[KeptWeights, ...] = ()
    misbuilt: tuple[Misbuilt, ...] = ()
    margins: tuple[Margin, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    kept: tuple[Kept, ...] = ()
    non_finite: NonFinite | None = None
    overfit: tuple[float, ...] | None = None
    """The loss on one batch, trained on it alone (`--overfit`)."""
    incidents: tuple[Incident, ...] = ()

    @property
    def loss_curve(self) -> tuple[float, ...]:
        """The loss at each step of the optimizer that made the most steps."""
        busiest = max(self.optimizers, key=lambda optimizer: optimizer.steps, default=None)
        if busiest is not None and len(busiest.loss_values) > self.ending.steps / 2:
            return busiest.loss_values
        return max((backward.values for backward in self.backwards), key=len, default=())

    @property
    def mute_loss(self) -> str | None:
        """Why the loss does not tell whether the networks learn; None where it does."""
        if sum(optimizer.steps > 1 for optimizer in self.optimizers) > 1:
            return "several optimizers step, and the loss of none tells whether the network learns"
        if any(loss.trained and loss.target_made for loss in self.losses):
            return "the targets come from a network, and move with it"
        if any(network.drawn_from for network in self.networks):
            return "the network is trained on what it has brought about, and its loss measures no error"
        return None

    @property
    def trained_after_evaluation(self) -> bool:
        """Whether training went on after an evaluation, so that what the evaluation left behind could be seen."""
        return self.ending.trained_after_evaluation

    def training_inputs(self) -> Iterator[tuple[Input, Place]]:
        """What the trained networks were fed in training, and where they are called."""
        for entry in self.inputs:
            calls = [forward for forward in self.forwards if forward.network == entry.network and forward.trained]
            if calls and not entry.evaluation:
                yield entry, max(calls, key=lambda forward: forward.trained).place

    @property
    def synthetic_data(self) -> bool:
        """Whether the program trained on stand-ins: what depends on the data cannot be judged then."""
        return any(incident.kind == "stand-in data" for incident in self.incidents)
