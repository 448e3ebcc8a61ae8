"""What a run shows of the networks: their layers, parameters, inputs and calls."""

from dataclasses import dataclass

from trainlint.observations.places import Place, Spread


@dataclass(frozen=True, slots=True)
class Layer:
    """A module of the program, as it was used."""

    name: str
    """Its path below the network that it belongs to; the class's name for the network itself."""
    kind: str
    """The class: `BatchNorm2d`."""
    network: int | None
    """Index of the network in `Observation.networks`; None where no network that was called holds it."""
    constructed: Place | None
    calls: int
    weighted: bool
    """It has trainable parameters of its own, and is no normalization."""
    recurrent: bool = False
    made_in_forward: bool = False
    order: int | None = None
    """When it was first called, counted over all layers."""
    gradient_norms: tuple[float, ...] = ()
    """Of its own parameters, at each step."""
    weight_gradient_rms: tuple[float, ...] = ()
    """Root mean square of the gradient of its largest parameter, at each step."""
    update_ratios: tuple[float, ...] = ()
    """Norm of an update over the norm of what is updated, at the steps where it was measured."""
    update_steps: tuple[int, ...] = ()
    """Which steps these were, counted from 0."""
    outputs: Spread | None = None
    batch_sizes: tuple[int, ...] = ()
    """Smallest and largest number of values for each channel that it normalized in training (normalization layers)."""
    dropout_variance_ratio: float | None = None
    """Variance of a batch normalization's input with dropout on over that with dropout off, the same batch and weights."""
    thinned_by: Place | None = None
    """The dropout whose noise reaches this batch normalization through no weights."""
    identical_units: bool | None = None
    """Before the first step, all units of its weight were the same, and so were their gradients."""
    bias_gradient_ratio: float | None = None
    """Largest norm of the bias's gradient over that of the weight's."""
    initial_gain: float | None = None
    """Root mean square of its weights before the first step, times the root of the number of inputs: 0.6 as PyTorch begins, 1 as
    Xavier's, 1.4 as Kaiming's."""
    held_times: int = 0
    """How often one container (`Sequential`, `ModuleList`, `ModuleDict`) holds it."""


@dataclass(frozen=True, slots=True)
class Activation:
    """The calls of a nonlinear function at one place, or in one layer."""

    operation: str
    place: Place | None
    layer: str | None
    units: int
    dead: float | None
    """Share of units that were zero on everything seen (one-sided functions)."""
    saturated: float | None
    """Share of values in the flat part: a slope under 1 % of the largest (sigmoid, tanh)."""
    samples: int
    outputs: Spread


@dataclass(frozen=True, slots=True)
class Parameter:
    """A trainable or frozen tensor of a network that was called."""

    name: str
    layer: int | None
    """Index in `Observation.layers`."""
    network: int | None
    size: int
    trainable: bool
    """`requires_grad` when the run ended."""
    optimizers: tuple[int, ...]
    had_gradient: bool
    changed: bool | None
    """Its values at the end differ from those at the first step."""
    dtype: str


@dataclass(frozen=True, slots=True)
class Network:
    """A module that the program itself calls."""

    kind: str
    constructed: Place | None
    parameters: int
    """How many trainable numbers it holds."""
    trained: bool
    """Gradients came through its output."""
    two_eval_passes_differ: float | None = None
    """Largest difference between two passes of one batch in evaluation mode, over the spread of the output."""
    samples_mixed: float | None = None
    """How far the outputs for other samples move when one in the middle of a batch is replaced, over how far its own does, the largest
    of each; in evaluation mode."""
    pretrained: bool = False
    outputs_by_mode: tuple[tuple[float, float], ...] = ()
    """Outputs for one batch, each in evaluation mode and in training mode, up to 200 of them."""
    fed: bool = False
    """It reads what another network made."""
    drawn_from: bool = False
    """Something was drawn at random with the probabilities that it gave, and it was trained on what came of that."""


@dataclass(frozen=True, slots=True)
class Input:
    """What the data looked like where they met the first weighted layer of a network."""

    network: int
    layer: str
    constructed: Place | None
    """Where that layer was made."""
    spread: Spread
    normalized_before: bool
    """A normalization layer was called before it."""
    normalized_after: bool
    """A batch normalization was called before the next weighted layer."""
    embedded: bool
    """What it read came out of an embedding."""
    evaluation: bool
    """Seen in evaluation alone."""
    pictures: bool = False
    """The network was given a tensor of four axes or more."""


@dataclass(frozen=True, slots=True)
class Forward:
    """The calls of a network at one place."""

    network: int
    place: Place
    calls: int
    trained: int
    """How many a backward pass went through."""
    evaluations: int
    """How many belonged to an evaluation: none was trained on, and what came out was compared, counted or printed."""
    in_train_mode: int
    """How many of the evaluations had an active Dropout or BatchNorm."""
    with_graph: int
    """How many of the evaluations recorded a graph."""
    trained_in_eval_mode: int
    """How many of the training passes had every Dropout and BatchNorm in evaluation mode, though it was in train mode before."""
    active_layers: tuple[int, ...]
    """The Dropout and BatchNorm layers that were active in an evaluation."""
    mode_difference: float | None = None
    """How far the output moves between train and evaluation mode on one batch, over the spread of the output."""
    decision_flips: float | None = None
    """Share of decisions (argmax, or sign of one unit) that this changes."""
    batch_sizes: tuple[int, ...] = ()
    """Smallest and largest size of the first axis of the input."""
    carried: int = 0
    """How many were given a state of an earlier call with its graph, which a backward pass had gone through."""


@dataclass(frozen=True, slots=True)
class Switch:
    """The calls of `train()` or `eval()` at one place."""

    place: Place
    mode: bool
    """True for training."""
    network: int
    calls: int
    """How many were followed by a call of the network."""
    evaluations_first: int
    """How many were followed by an evaluation with an active Dropout or BatchNorm before anything else."""


@dataclass(frozen=True, slots=True)
class Flag:
    """The settings of a flag at one place."""

    place: Place
    attribute: str
    value: bool
    on_network: bool
    """Else on a parameter."""
    without_effect: bool | None
    """What the flag is called after was not what it says; None where nothing shows it."""


@dataclass(frozen=True, slots=True)
class DropoutUse:
    """The calls of a dropout function at one place, or of a dropout layer that a forward pass builds."""

    operation: str
    place: Place | None
    built_in_forward: bool
    declared: bool
    """The call says `training=True`."""
    trained: int
    dropped_in_training: int
    evaluated: int
    """Calls while the network was in evaluation mode."""
    dropped_in_evaluation: int
