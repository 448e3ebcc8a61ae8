"""What a run shows of the training: losses, backward passes, optimizers, and the order of what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trainlint.observations.places import Origin, Place, Spread

_REGRESSION = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})


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
    zeros: float | None = None
    """Share of zeros among the scores (before a softmax, if one was applied), the largest of all calls; None where some are negative."""
    batch_mixture: tuple[float, ...] | None = None
    """Mean entropy of the labels in a batch, in nats, as they came, and with the labels of all batches shuffled."""
    tokens: bool = False
    """An embedding of the program knows as many entries as there are classes: a text is predicted."""
    target_made: bool = False
    """Its targets came out of a network of the program."""
    first_step: int = 0
    """How many steps came before its first call."""

    @property
    def is_regression(self) -> bool:
        """Whether it compares numbers with numbers."""
        return self.function in _REGRESSION


@dataclass(frozen=True, slots=True)
class Backward:
    """The backward passes that one place starts."""

    place: Place | None
    calls: int
    values: tuple[float, ...]
    retain_graph: int
    rootless: int = 0
    """How many started from a tensor that has no graph, so that torch refused them."""
    leaves: int = 0
    """How many started from a tensor that nothing computed, so that no parameter was reached."""
    severed: int = 0
    """How many of the first ended in what had been cut from a network's graph, and in no parameter at all."""
    cut: Origin | None = None
    """The operation that gave what has no graph, where one is known."""
    unrecorded: Place | None = None
    """The call of a network without gradients that the root came out of."""
    terms: tuple[Origin, ...] = ()
    """The operations that cut terms of the sum it starts from."""


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
    """For how many parameters it keeps a state, before each step."""
    momentum: float = 0.0
    pass_counts: tuple[int, ...] = ()
    """How many backward passes of one and the same place reached its parameters right before each step."""
    thrown_away: int = 0
    """Steps before which gradients of an earlier pass of the same backward were cleared."""
    past_scaler: int = 0
    """Steps on the gradients of a scaled loss that neither went through the scaler nor were unscaled."""
    plain_losses: int = 0
    """Steps through a scaler on the gradients of a loss that was not scaled."""
    half_precision: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """The calls that bound gradients at one place."""

    place: Place | None
    calls: int
    after_step: int
    """How many stood between a step and the next training pass of a network."""
    before_unscale: int
    """How many saw gradients that a GradScaler had scaled."""
    parameters: int
    """How many parameters the last call got."""
    before_backward: int = 0
    """How many stood between a training pass of a network and its backward pass."""
    empty: int = 0
    """How many got no parameter at all."""


@dataclass(frozen=True, slots=True)
class Scaler:
    """A GradScaler."""

    enabled: bool
    scalings: int
    """How many losses it scaled."""
    steps: int
    updates: int
    stepped: Place | None


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
class Crossing:
    """The differences at one place of a column and a row of as many numbers, of which one has a gradient: each minus each."""

    place: Place
    calls: int
    size: int
    """How many numbers each of them has."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How close an operation with a limited domain and with a gradient came to the edge: `log`, `sqrt`, `exp`."""

    operation: str
    place: Place | None
    calls: int
    extreme: float
    """The smallest argument (log, sqrt), or the largest (exp)."""
    guarded: bool = False
    """Each argument came out of a bound from below, or a constant was added to it right before."""


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
    passes: int = 0
    """How often it was gone through from its beginning."""
    reads_differ: float | None = None
    """How far two reads of one sample differ, over its spread."""
    reads_apart: float | None = None
    """How far two reads of one sample are apart on average, over how far two samples are."""
    other_labels: float | None = None
    """Share of 16 samples spread over the data set that are not of the class of most of them; None where they end in no label."""


@dataclass(frozen=True, slots=True)
class KeptWeights:
    """The calls of `state_dict()` at one place."""

    place: Place
    taken: int
    held_on: int
    """How many of the results were still held after a further step."""
    moved: int
    """How many of those had changed by then: they are the network's own tensors."""
    used: Place | None = None
    """Where one of them was loaded or saved after a further step."""
    used_moved: bool = False
    """What was used there had changed since it was taken."""


@dataclass(frozen=True, slots=True)
class Misbuilt:
    """A loss whose constructor was given tensors in the places of settings."""

    place: Place
    kind: str
