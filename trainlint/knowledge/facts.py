"""The forms that a fact about a library can take. The tables beside this file hold nothing but such facts.

A fact says what a callable means to a *training program*: what it does to the values that flow through it and to the state
of networks and optimizers. A new API is one row; code that reads these facts never mentions a library by name.

Rows are kept under canonical names. A method of a library class is "package.Class.method", a call of an instance
"package.Class.__call__"; an attribute "package.Class.attribute" is a `Gives` or `Copies` whose `which` is a parameter of
the constructor.
"""

from enum import Enum

from trainlint.knowledge.record import Record


class Kind(Enum):
    """What the numbers of a tensor stand for, as far as losses and metrics care."""

    AFFINE = "unbounded output of a weighted layer"
    SOFTMAX = "probabilities that sum to 1 over an axis"
    LOG_SOFTMAX = "log-probabilities over an axis"
    SIGMOID = "values squashed into 0–1 one by one"
    LOG_SIGMOID = "logs of values in 0–1"
    TANH = "values squashed into −1–1"
    RECTIFIED = "values that cannot be negative, many of them 0"
    POSITIVE = "values above 0"
    CLASS_IDS = "integer class labels"
    ONE_HOT = "class labels as rows of one 1 and zeros"


class Scale(Enum):
    """How the input data of a network are scaled."""

    RAW = "raw pixels, 0–255"
    RAW_FLOAT = "raw pixels, 0–255, as floats: nothing scales them by itself any more"
    DIGITS = "raw pixels, 0–16, as floats: the digits of scikit-learn"
    UNIT = "scaled to 0–1"
    CENTRED = "centred: standardized, or scaled to −1–1"


LARGEST = {Scale.RAW: 255, Scale.RAW_FLOAT: 255, Scale.DIGITS: 16}
"""The largest value of raw pixels."""
RAW_SCALES = frozenset(LARGEST)


# What a function does to the tensors that it gets ---------------------------------------------------------------------


class Effect(Enum):
    """What a function or tensor method does to its first argument (its *subject*) on the way to the result."""

    KEEP = "same numbers, perhaps in another shape, order, dtype or place: view, to, clone, squeeze, getitem"
    CUT = "same numbers without their graph: detach, .data, long"
    PACK = "as KEEP, packed: `.data` of this, and of what a recurrent layer makes of it, keeps the graph (pack_padded_sequence)"
    ARRAY = "same numbers as a NumPy array, or a tensor made of one, without a graph: numpy, np.asarray, from_numpy"
    TENSOR = "a tensor as it is, graph and all; a list or array of numbers becomes a tensor without a graph: as_tensor, torch.Tensor"
    PARAMETER = "a new tensor with the same numbers that is to be trained: nn.Parameter"
    ACTIVATE = "parameter-free activation; the fact's `kind` says into what, None for one that bounds nothing (gelu)"
    MIX = "parameter-free, mixes neighbours and keeps the scale: pooling, padding, interpolation"
    ARITHMETIC = "other differentiable arithmetic, the meaning of the numbers is lost: sum, mean, exp, add, matmul"
    NUMBER = "a Python number without a graph: item, tolist"
    FORM = "a number that tells of a tensor's form and not of its contents: size, dim, numel"
    DISCRETE = "no gradient, or one that is 0: comparison, round, sort indices, samples; the fact's `kind` is CLASS_IDS for argmax"
    WEIGH = "a weighted map given its weights: F.linear, F.conv2d"
    EMBED = "looks up weights by integer ids"
    NORMALIZE = "normalizes by statistics of the data: F.layer_norm, F.normalize"
    BATCH_NORM = "F.batch_norm"
    DROPOUT = "zeroes at random: F.dropout and its kin"
    COLLECT = "one tensor out of a list of tensors: cat, stack"
    FRESH = "a new tensor, independent of any data: zeros, randn, arange (a keyword `requires_grad` makes it one to be trained)"
    CLASS_IDS = "new integer ids: randint (`count` names the parameter with the exclusive upper bound; without it the first one has it)"
    ONE_HOT = "turns class ids into one-hot rows (the fact's `count` names the parameter with the number of classes)"
    RAW_IMAGE = "reads an image or a data set of images with values 0–255"
    RAW_FLOAT = "as KEEP, and 0–255 integers become floats that still run to 255, so that no later step scales them: ToDtype(float32)"
    UNIT = "scales 0–255 integers to 0–1"
    CENTRE = "centres the data: Normalize, StandardScaler.transform"
    IN_PLACE_FILL = "overwrites its subject: zero_, fill_, copy_"
    GRADIENT = "the gradient that backward left in a tensor: .grad"


class Function(Record):
    """A function of tensors, or a tensor method (then `parameters` leaves out the tensor itself).

    `parameters` are in the library's own order; a leading "*" marks the variadic one.
    """

    effect: Effect
    parameters: tuple[str, ...] = ()
    kind: Kind | None = None
    axis: str | None = None
    """The parameter that names the axis of a softmax-like function."""
    count: str | None = None
    mode: str | None = None
    """The parameter that switches training behaviour (`training` of F.dropout) …"""
    mode_default: bool | None = None
    """… and its default."""
    guarded: bool = False
    """Its gradient is finite everywhere although its formula is a log or root (logsumexp, norm)."""
    operation: str | None = None
    """Which one it is, where a rule can ask. ARITHMETIC: "add" "sub" "mul" "div" "pow" "neg" "abs" "square" "sqrt" "rsqrt" "exp" "log"
    "clamp" "matmul" "sum" "mean" "std" "max" "min" "norm". DISCRETE: "compare" "round" "finite". FRESH and IN_PLACE_FILL, what it
    fills with: "zeros" "ones" "constant" "empty" "range" "eye" "uniform" "normal" "xavier" "kaiming" "orthogonal" "copy"."""
    indices: str | None = None
    """The result is a pair, values and indices of kind CLASS_IDS: "*" for always (topk), else when the parameter of this name is
    given and is no tensor (`dim` of torch.max). The parts are also its attributes `values` and `indices`."""
    first: bool = False
    """The result is a tuple: the effect is about its first part, nothing is said of the others (pad_packed_sequence, svd)."""
    probability: str | None = None
    """The parameter with the probability of a dropout inside; without a `mode` it drops in evaluation too (`dropout_p`)."""
    scale: str | None = None
    """The bool parameter that, when true, makes the effect UNIT (`scale` of to_dtype)."""
    dtype: str | None = None
    """The parameter with the dtype of the result, where it matters: with an integer one, UNIT and RAW_FLOAT are KEEP."""
    fits: bool = False
    """It first learns the statistics of its subject (StandardScaler.fit_transform)."""


# What can be constructed ----------------------------------------------------------------------------------------------


class Role(Enum):
    """What a layer is in a network."""

    LINEAR = "linear"
    CONVOLUTION = "convolution"
    EMBEDDING = "embedding"
    RECURRENT = "recurrent"
    ATTENTION = "attention"
    TRANSFORMER = "transformer"
    DROPOUT = "dropout"
    BATCH_NORM = "batch norm"
    NORM = "other norm"
    ACTIVATION = "activation"
    POOLING = "pooling"
    RESIZE = "padding or upsampling"
    RESHAPE = "reshape"
    IDENTITY = "identity"
    SEQUENCE = "sequential container"
    LIST = "list container"
    MAPPING = "mapping container"
    OTHER = "other"


class Layer(Record):
    """A module class: its constructor's parameters and what a call of its instance does."""

    role: Role
    parameters: tuple[str, ...] = ()
    units: str | None = None
    """The constructor parameter that gives the size of the output's class axis (`out_features`)."""
    inputs: str | None = None
    """The constructor parameter that gives the size of the input's feature axis."""
    kind: Kind | None = None
    """What an activation makes of its input."""
    axis: str | None = None
    probability: str | None = None
    """The constructor parameter with a dropout's probability; a layer that drops inside (nn.LSTM) has one too."""
    probability_default: float = 0.0

    @property
    def weighted(self) -> bool:
        """Whether it multiplies its input by weights of its own."""
        return self.role in _WEIGHTED


_WEIGHTED = {Role.LINEAR, Role.CONVOLUTION, Role.EMBEDDING, Role.RECURRENT, Role.ATTENTION, Role.TRANSFORMER}


class Takes(Enum):
    """What a loss wants as its input."""

    LOGITS = "unbounded class scores (cross-entropy)"
    LOG_PROBABILITIES = "log-probabilities over classes (NLL)"
    BINARY_LOGITS = "one unbounded score per yes/no question (BCE with logits)"
    BINARY_PROBABILITIES = "one probability per yes/no question (BCE)"
    VALUES = "numbers to be near to the targets (MSE, L1)"
    DIVERGENCE = "log-probabilities, to be near to the distribution that the target is (KL)"
    OTHER = "anything else (triplet, CTC, cosine …)"


class Loss(Record):
    """A loss: class (`constructor` not None, called with `parameters`) or function (`constructor` None)."""

    takes: Takes
    parameters: tuple[str, ...]
    """Of the call: ("input", "target", …)."""
    constructor: tuple[str, ...] | None = None
    symmetric: bool = False
    """Swapping input and target changes nothing (MSE, L1)."""


class Optimizer(Record):
    """An optimizer class."""

    family: str
    """"sgd", "adam" (Adam, AdamW, RMSprop, NAdam, RAdam), "adagrad", "second-order" (LBFGS) or "other"."""
    parameters: tuple[str, ...] = ("params", "lr")
    lr: float | None = None
    """The default learning rate; None where it must be given or follows from other settings."""
    holds: str = "params"
    """The parameter with what is optimized: tensors, groups of them, or a module."""
    clips: bool = False
    """It clips gradients or updates by itself, unless told otherwise (LAMB, Adafactor)."""


class Scheduler(Record):
    """A learning-rate scheduler class, or a function that returns one."""

    parameters: tuple[str, ...]
    cadence: str = "any"
    """What the documentation counts in: "epoch", "batch", or "any". A program may count batches all the same: look at its numbers."""
    needs_metric: bool = False
    """Its `step` wants the metric that it watches, first."""
    from_torch: bool = True
    """It is a torch.optim.lr_scheduler class, or derived from one, whose construction sets the first learning rate."""
    optimizer: str = "optimizer"
    wraps: str | None = None
    """The parameter with another scheduler, or a list of them, that it steps itself (SequentialLR)."""
    first: bool = False
    """The result is a tuple with the scheduler first."""


class Transform(Record):
    """A transform class of a data pipeline: what it does to the scale of an image, and whether it is random."""

    effect: Effect
    parameters: tuple[str, ...] = ()
    random: bool = False
    composes: str | None = None
    """The parameter that holds a list of transforms, or one, for containers (Compose, RandomApply)."""
    scale: str | None = None
    """The bool parameter that, when true, makes the effect UNIT (`scale` of ToDtype)."""
    dtype: str | None = None
    """The parameter with the dtype of the result, where it matters: with an integer one, UNIT and RAW_FLOAT are KEEP."""
    maximum: str | None = None
    """The parameter with the value that becomes 1 before the data are centred; None for one that divides by nothing."""
    calls: str | None = None
    """The parameter that holds a function to apply (Lambda); the effect says nothing then."""


class Dataset(Record):
    """A data set class. An element is (image, label) or as `element` says."""

    parameters: tuple[str, ...]
    element: tuple[str, ...] = ("image", "label")
    """Each of "image" (raw pixels until a transform scales them), "label" (class ids) or "other"."""
    classes: int | None = None
    transform: str | None = "transform"
    target_transform: str | None = "target_transform"
    train: str | None = "train"
    """The parameter that chooses the split: a bool, or a string such as "train"."""
    wraps: str | None = None
    """The parameter that holds another data set (Subset), or a list of them (ConcatDataset), or tensors ("*tensors")."""
    fields: tuple[tuple[str, str], ...] = ()
    """Attributes that hold the whole data, untransformed, each with what it is: ("data", "image"), ("targets", "label")."""


class Arrays(Record):
    """A function that reads a whole data set into arrays."""

    parameters: tuple[str, ...] = ()
    element: tuple[str, ...] = ("image", "label")
    """As a data set's."""
    splits: int = 1
    """2 where the result is a pair, training and test, of such elements (keras.datasets)."""
    classes: int | None = None
    fields: tuple[tuple[str, str], ...] = ()
    """The result is an object with these attributes (and keys) …"""
    pair: str | None = None
    """… unless the parameter of this name is true (`return_X_y`): then it is the element."""
    scale: Scale = Scale.RAW
    """That of its images."""


class Split(Record):
    """A function that cuts a data set, or arrays, into parts that do not overlap."""

    which: str
    """The parameter that is cut: one data set, of which a list of parts comes back (random_split), or "*arrays", each of which comes back
    as two parts in a row (train_test_split)."""
    parameters: tuple[str, ...] = ()
    shuffles: str | None = None
    """The bool parameter, true by default, that says whether it shuffles first; None if it always does."""


class Loader(Record):
    """A class that draws batches from a data set."""

    parameters: tuple[str, ...]


class Sampler(Record):
    """A class that orders or splits a data set."""

    parameters: tuple[str, ...]
    distributed: bool = False
    shuffles: bool | None = True
    """None where that follows from an argument."""


# What acts on the state of the run ------------------------------------------------------------------------------------


class Verb(Enum):
    """What an action does to its object."""

    BACKWARD = "backward through the object, a loss"
    STEP = "the object, an optimizer, steps"
    CLEAR = "gradients of the object (optimizer, module or parameters) are cleared"
    CLIP = "gradients of the object (parameters, module or optimizer) are clipped"
    UNSCALE = "gradients of the object, an optimizer, are unscaled"
    UPDATE = "the object, a scaler, is updated"
    SCHEDULE = "the object, a scheduler, steps"
    TRAIN = "the object, a module, goes into training mode (a bool argument named `mode` may say otherwise)"
    EVALUATE = "the object, a module, goes into evaluation mode"
    FREEZE = "the object, a module or tensor, gets requires_grad as its argument `requires_grad` says"
    GRADIENTS = "gradients of the object are computed and returned, none are stored (torch.autograd.grad)"
    CLIP_ALWAYS = "from now on gradients of the object, an optimizer or parameter, are or may be clipped whenever there are some"
    FIT = "statistics of the object, data, are learnt: StandardScaler.fit"
    SCALE = "the object, a loss, is scaled up against underflow: GradScaler.scale"


class Action(Record):
    """A function, or a method of a library object, that acts on the state of the run.

    `does` lists what happens, in order: a verb and the parameter that is its object ("self" for the receiver). "loss?" means only
    if that argument is given and not None, "parameters?clip_grad" only if the argument `clip_grad` is, "optimizer!need_update"
    unless the argument `need_update` is given and False; both may follow one another.
    """

    does: tuple[tuple[Verb, str], ...]
    parameters: tuple[str, ...] = ()
    returns: str | None = None
    """The parameter whose value is the result; None for nothing of interest."""


class Gives(Record):
    """A function that returns what it was given: DDP(model), torch.compile(model), accelerator.prepare(*objects).

    `which` is the parameter given back, "self" the receiver; "*" gives back all positional arguments, as a tuple if there are
    several. Called without it, with settings alone, it is a decorator that gives back the function (`@torch.compile(mode=…)`).
    As a context manager it enters what it gives (`with tqdm(loader) as bar`).
    """

    which: str
    parameters: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Parameters given back beside it, in a tuple; those that were not given are left out (amp.initialize)."""
    samples: tuple[str, ...] = ()
    """Those of them that are loaders and come back with a sampler of the function's making."""
    does: tuple[tuple[Verb, str], ...] = ()
    """What happens besides, as in an action."""
    iterates: bool = False
    """What comes back iterates over the given thing, or things, and is not that thing itself: tqdm, itertools.chain."""


class Copies(Record):
    """A function that returns a copy: equal to what it was given, with its own identity (and own parameters if `deep`)."""

    which: str
    parameters: tuple[str, ...] = ()
    deep: bool = True


class Binds(Record):
    """A function that returns a callable: its first argument with the other arguments bound (functools.partial)."""

    parameters: tuple[str, ...]


class Calls(Record):
    """A function that calls a function, or network, which it is given, and returns its result: torch.utils.checkpoint.checkpoint."""

    function: str
    parameters: tuple[str, ...]
    passes: str
    """The parameter whose value is passed on, "" for none: a variadic one ("*args"), or one that holds a tuple or a single argument."""
    before: int = 0
    """How many arguments of its own making come first (the rank that `spawn` adds)."""
    keywords: str | None = None
    """The parameter with a dict of keyword arguments; "**kwargs" for all that are left over."""
    returns: bool = True


class Grad(Enum):
    """What a context manager or decorator does to the recording of gradients."""

    OFF = "off"
    ON = "on"
    ARGUMENT = "as its first argument says"
    SAME = "unchanged"


class Context(Record):
    """A context manager, a decorator, or both (torch.no_grad); `enters` names the parameter that `as` binds."""

    grad: Grad = Grad.SAME
    parameters: tuple[str, ...] = ()
    enters: str | None = None
    does: tuple[tuple[Verb, str], ...] = ()
    off: bool = False
    """Where an argument decides, true means off, and so does none at all (inference_mode); else true means on (set_grad_enabled)."""


class Make(Record):
    """A class or function whose result is an object of the named library class, with that class's methods.

    As a context manager it enters itself and changes nothing.
    """

    qualified_name: str
    parameters: tuple[str, ...] = ()
    wraps: str | None = None
    """The parameter, a network or optimizer, that the object stands for in calls and in attributes that its class lacks."""
    beside: tuple[str, ...] = ()
    """The result is a tuple, the object and then the values of these parameters (deepspeed.initialize)."""


class Decorator(Record):
    """A decorator (also one with arguments) that leaves a function as it is: functools.wraps, torch.jit.script, hydra.main."""

    supplies_arguments: bool = False
    """It calls the function with arguments of its own making (click.command, hydra.main)."""
    binding: str | None = None
    """What it makes of a method or generator: "property", "static", "class" or "context" (contextlib.contextmanager)."""


class Setting(Record):
    """A call that declares a setting of the program: parser.add_argument, flags.DEFINE_float."""

    parameters: tuple[str, ...]
    name: str
    """The parameter with its name; of several, the first that begins with two dashes; dashes inside become underscores."""
    default: str = "default"
    action: str | None = None
    """The parameter that, as "store_true" or "store_false", makes the default False or True."""
    target: str | None = None
    """The parameter that overrides the name (`dest`)."""


class Settings(Record):
    """A method that returns an object with the settings declared on its receiver as attributes (parse_args)."""

    parameters: tuple[str, ...] = ()
    pair: bool = False
    """The result is a pair with that object first (parse_known_args)."""


class Harmless(Record):
    """A call that returns something unknown and touches neither networks nor optimizers: print, os.path.join, wandb.log."""

    reports: bool = False
    """What it is given is shown or saved for a person: print, logging, wandb.log, torch.save."""


class Network(Record):
    """A function or class that builds a whole network whose layers are not modelled: torchvision.models.resnet18.

    `batch_norm` and `dropout` tell whether it holds such layers; None where that depends.
    """

    parameters: tuple[str, ...] = ()
    batch_norm: bool | None = None
    dropout: bool | None = None
    dropping: tuple[str, ...] = ()
    """Where `dropout` depends: the beginnings of the names, given first, of those that hold dropout unless a setting says otherwise."""
    pretrained: tuple[str, ...] = ()
    """Parameters that ask for pretrained weights when they are given and neither None nor False."""
    pretrained_default: bool = False
    """Whether it is pretrained when none of these is given (from_pretrained)."""
    units: str | None = None
    normalizes: bool = False
    """It normalizes its own input (torchvision's detection models)."""
    evaluating: bool | None = False
    """It comes in evaluation mode (transformers' `from_pretrained`); None where that depends."""
    without_gradients: tuple[str, ...] = ()
    """Its methods that compute something and record no gradients, whoever calls them (transformers' `generate`)."""


class Runner(Record):
    """A class whose instances run a framework's loop; what is given to it is in the framework's hands."""

    parameters: tuple[str, ...]
    starts: tuple[str, ...] = ("fit",)
    """The methods that run the loop."""
    step: str | None = None
    """The parameter with a function that is called for every batch and does everything (ignite's Engine)."""
    takes: tuple[str, ...] = ()
    """The parameters of the first of these methods."""
    training_data: tuple[str, ...] = ()
    """Those of them, by any name, that hold what is trained on."""
    clip: tuple[str, ...] = ()
    """Parameters that turn on gradient clipping when they are given and neither None nor 0."""
    clips: bool | None = False
    """Whether it clips when none of these is given; None where settings that are elsewhere decide."""


class Hooks(Record):
    """A base class of a framework whose subclasses hold training code in methods that the framework calls.

    Each field holds method names. The framework puts the module in training mode for `training` and in evaluation mode,
    without gradients, for `evaluation`; unless the user opts out, it clears, calls backward on what a training method
    returns, and steps.
    """

    training: tuple[str, ...]
    evaluation: tuple[str, ...]
    optimizers: tuple[str, ...] = ()
    manual_switch: str | None = None
    """The attribute that, set to False, hands backward and step to the user (Lightning's `automatic_optimization`)."""
    manual: bool = False
    """Backward and step are always the user's."""
    clips: bool | None = False
    """Whether the framework clips gradients by itself; None where settings that are elsewhere decide."""
    training_data: tuple[str, ...] = ()
    """Methods that give the loader to train on."""
    module: bool = False
    """Whether it is an nn.Module."""
    runner: Runner | None = None
    """What an instance of it is, where it runs the loop itself (transformers.Trainer)."""


class Configured(Record):
    """A method that gives the optimizers which a method of `Hooks.optimizers` has made (Lightning's `self.optimizers()`)."""


class Alias(Record):
    """A function that does what a builtin does, or a container of the standard library: tqdm.trange is range."""

    builtin: str


class Dtype(Record):
    """A type of numbers, or what builds one."""

    kind: str
    """"float", "integer", "bool" or "complex"."""
    bits: int
    range: int | None = None
    """The bits of a float's exponent: 8 for bfloat16 and float32, 5 for float16."""


class Base(Record):
    """A library class that users derive from, where no other fact says so. `family` is the class whose methods it has."""

    family: str


Fact = (
    Function | Layer | Loss | Optimizer | Scheduler | Transform | Dataset | Arrays | Split | Loader | Sampler
    | Action | Gives | Copies | Binds | Calls | Context | Make | Decorator | Setting | Settings | Harmless
    | Network | Hooks | Configured | Runner | Alias | Dtype | Base
)  # fmt: skip
