"""What a run shows of the training: losses, backward passes, optimizers, and the order of what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trainlint.observations.places import Origin, Place, Spread

REGRESSION_LOSSES = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})


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
class Backward:
    """The backward passes that one place starts."""

    place: Place | None
    calls: int
    values: tuple[float, ...]
    retain_graph: int


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
    update_steps: tuple[int, ...] = ()
    """At which steps, counted from 0, the update ratios were measured."""
    recreated: int = 0
    """How many further optimizers of the same place hold the same parameters."""
    state_sizes: tuple[int, ...] = ()
    half_precision: bool = False


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
