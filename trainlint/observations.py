"""What a real run of a training program can show, as plain frozen data that crosses the border between processes as JSON.

The agent inside the user's process writes it without importing this module: what a field means is said here, once.
Positions count rows and columns from 1. Measurements that were not made are None, never 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

REGRESSION_LOSSES = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the user's source; columns are None where the interpreter knows rows alone (Python 3.10 and older)."""

    path: str
    row: int
    column: int | None = None
    end_row: int | None = None
    end_column: int | None = None
    callee: str | None = None
    """What is called there, by the last part of its name; it finds the columns in the source where they are None."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of the tensors that were seen at one place."""

    shape: tuple[int, ...]
    """Of the first tensor."""
    dtype: str
    minimum: float
    maximum: float
    mean: float
    std: float
    whole: bool
    """Every value is a whole number."""
    non_finite: int = 0
    distinct: int | None = None
    """How many different values there are, up to 64; None where there are more."""
    channel_means: tuple[float, ...] = ()
    """Along the channel axis (1 in a tensor of three axes or more, else the last), up to 64 of them, of the first tensors seen."""
    channel_stds: tuple[float, ...] = ()
    histogram: tuple[int, ...] = ()
    """Counts in equal bins from `minimum` to `maximum` of the first tensor."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The operation that made a tensor, apart from those that only change its shape."""

    operation: str
    """As in torch: `softmax`, `sigmoid`, `relu` …"""
    place: Place | None = None
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """The calls of a loss function at one place."""

    function: str
    """As in `torch.nn.functional`: `cross_entropy`, `mse_loss` …"""
    place: Place
    constructed: Place | None
    """Where the loss module was made, if it is one."""
    calls: int
    trained: int
    """How many of the calls a backward pass went through."""
    values: tuple[float, ...]
    """One for each call, up to the number of steps observed."""
    input: Spread
    target: Spread | None
    """None where the target is an object of several kinds, or missing."""
    reduction: str
    plain: bool
    """No class weights, no label smoothing, no ignored index that occurs, no `pos_weight`."""
    units: int | None
    """Size of the class axis (axis 1, or the last of fewer); 1 where the input has a single axis."""
    simplex: bool
    """Along the class axis, every row of every input was non-negative and summed to 1."""
    log_simplex: bool
    """The same of its exponential."""
    simplex_axis: int | None
    """An axis other than the class axis along which the input sums to 1."""
    origin: Origin | None
    exclusive_targets: bool
    """Exactly one of several units is 1 in every target, the others 0."""
    attenuation: tuple[float, ...]
    """Norm of the gradient at the logits over that of softmax(z) − y (or σ(z) − y), each training call; 1 for a matching loss.

    Empty where it means nothing: targets that are no classes, weights, smoothing, several losses over one output.
    """
    class_losses: tuple[float, ...]
    """Cross-entropy at the logits, each training call, whatever the loss is; empty where the targets are no classes."""
    input_needs_gradient: bool
    target_needs_gradient: bool
    labels: Mapping[str, int] = field(default_factory=dict)
    """How often each class was seen, in training."""


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
    """Largest gradient of the first sample's output at another sample's input over that at its own, in evaluation mode."""
    pretrained: bool = False


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


@dataclass(frozen=True, slots=True)
class Clip:
    """The calls that bound gradients at one place."""

    place: Place | None
    calls: int
    after_step: int
    """How many stood between a step and the next backward."""
    before_unscale: int
    """How many saw gradients that a GradScaler had scaled."""
    parameters: int
    """How many parameters the last call got."""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """An optimizer and the order of what happened to it."""

    kind: str
    constructed: Place | None
    stepped: Place | None
    """Where the user's program steps; None where a library does."""
    steps: int
    learning_rates: tuple[float, ...]
    """Of the first group, at each step."""
    stale_steps: int
    """Steps on gradients that held something from before the step that came before: nothing had cleared them."""
    empty_steps: int
    """Steps at which no parameter had a gradient, or each was zero."""
    cleared_before_step: int
    """Steps whose gradients were cleared after the backward pass that made them."""
    backwards: int
    """Backward passes that reached its parameters."""
    clears: int
    """How often its gradients became empty."""
    gradient_norms: tuple[float, ...]
    """Over all parameters, before clipping, without the scale of a GradScaler, at each step."""
    loss_values: tuple[float, ...]
    """What the last backward pass before each step started from."""
    update_ratios: tuple[float, ...]
    """Median over the weights of norm of update over norm of weight, at each measured step."""
    clips: int
    """Steps whose gradients were bounded after the backward pass."""
    scaled: bool
    """A GradScaler steps it."""
    recreated: int = 0
    """How many further optimizers of the same place hold the same parameters."""
    state_sizes: tuple[int, ...] = ()
    half_precision: bool = False


@dataclass(frozen=True, slots=True)
class Scheduler:
    """A learning-rate scheduler."""

    kind: str
    constructed: Place | None
    stepped: Place | None
    steps: int
    optimizer: int | None
    before_first_step: bool
    """It stepped before its optimizer did."""


@dataclass(frozen=True, slots=True)
class Backward:
    """The backward passes that one place starts."""

    place: Place | None
    calls: int
    values: tuple[float, ...]
    retain_graph: int


@dataclass(frozen=True, slots=True)
class NonFinite:
    """The first NaN or infinity that reached a loss, a gradient or a parameter."""

    step: int
    where: str
    """`loss`, `gradient` or `parameter`."""
    operation: str | None = None
    """The first operation that made it, known after a second run that looks at each."""
    place: Place | None = None
    backward: bool = False
    """The operation is sound forward; its gradient is not finite."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How close an operation with a limited domain came to the edge: `log`, `sqrt`, `exp`."""

    operation: str
    place: Place | None
    calls: int
    extreme: float
    """The smallest argument (log, sqrt), or the largest (exp)."""
    needs_gradient: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A tensor that still carried its graph when the iteration after it ended."""

    place: Place | None
    alive: int
    """The largest number of losses of earlier iterations whose graph was alive at once."""
    graph: int
    """Size of the largest graph, in operations."""


@dataclass(frozen=True, slots=True)
class Loader:
    """A DataLoader."""

    constructed: Place | None
    dataset: str
    size: int | None
    batch_size: int | None
    batches: int
    trained: bool
    """Steps were made on its batches."""
    shuffled: bool | None
    reads_differ: float | None = None
    """How far two reads of one sample differ, over its spread."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What the containment refused, replaced or redirected."""

    kind: str
    """`stand-in data`, `stand-in module`, `stand-in device`, `write`, `delete`, `network`, `process`, `note`."""
    what: str
    count: int = 1
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The exception that ended the program."""

    kind: str
    message: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How far the run came, and why it ended."""

    reason: str
    """`steps reached`, `program ended`, `raised`, `exited`, `timeout`, `memory`, `killed`."""
    steps: int
    wanted_steps: int
    evaluation_batches: int
    seconds: float
    trained_after_evaluation: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the program ran on."""

    python: str
    torch: str
    device: str
    seed: int
    columns: bool
    """The interpreter knows columns."""


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
    margins: tuple[Margin, ...] = ()
    kept: tuple[Kept, ...] = ()
    non_finite: NonFinite | None = None
    overfit: tuple[float, ...] | None = None
    """The loss on one batch, trained on it alone (`--overfit`)."""
    incidents: tuple[Incident, ...] = ()

    @property
    def loss_curve(self) -> tuple[float, ...]:
        """The loss at each step of the optimizer that made the most steps."""
        busiest = max(self.optimizers, key=lambda optimizer: optimizer.steps, default=None)
        if busiest is not None and busiest.loss_values:
            return busiest.loss_values
        return max((backward.values for backward in self.backwards), key=len, default=())

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
