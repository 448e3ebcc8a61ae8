"""The door to the tables: what is known about a name."""

from trainlint.knowledge.actions import OBJECT_ACTIONS, STATE_ACTIONS
from trainlint.knowledge.arrays import NUMPY
from trainlint.knowledge.base_classes import BASES
from trainlint.knowledge.contexts import CONTEXTS, DECORATORS
from trainlint.knowledge.data import ARRAY_DATA, LOADERS, SCALERS, TORCH_DATA, TORCHVISION_DATA
from trainlint.knowledge.distributions import DISTRIBUTIONS
from trainlint.knowledge.dtypes import DTYPES
from trainlint.knowledge.facts import (
    Action,
    Base,
    Dataset,
    Effect,
    Fact,
    Function,
    Harmless,
    Hooks,
    Layer,
    Loader,
    Loss,
    Make,
    Network,
    Optimizer,
    Sampler,
    Scheduler,
)  # fmt: skip
from trainlint.knowledge.frameworks import FRAMEWORKS
from trainlint.knowledge.functional import FUNCTIONAL
from trainlint.knowledge.functions import FUNCTIONS
from trainlint.knowledge.harmless import HARMLESS, NUMBERS, OBJECT_METHODS, OBJECTS, metric
from trainlint.knowledge.images import IMAGES
from trainlint.knowledge.layers import LAYERS, MORE_LAYERS
from trainlint.knowledge.losses import LOSSES
from trainlint.knowledge.methods import ATTRIBUTES, METHODS
from trainlint.knowledge.models import NETWORKS, transformers_class
from trainlint.knowledge.names import ROOTS, canonical
from trainlint.knowledge.numerics import NUMERICS
from trainlint.knowledge.optimizers import OPTIMIZERS
from trainlint.knowledge.schedulers import SCHEDULERS
from trainlint.knowledge.transforms import TRANSFORMS
from trainlint.knowledge.wrappers import SETTINGS, WRAPPERS

FACTS: dict[str, Fact] = {
    **HARMLESS, **BASES, **FUNCTIONS, **FUNCTIONAL, **NUMERICS, **DISTRIBUTIONS, **DTYPES, **NUMPY, **IMAGES, **NUMBERS,
    **LAYERS, **MORE_LAYERS, **LOSSES, **NETWORKS, **OPTIMIZERS, **SCHEDULERS,
    **TORCH_DATA, **TORCHVISION_DATA, **LOADERS, **ARRAY_DATA, **SCALERS, **TRANSFORMS,
    **STATE_ACTIONS, **OBJECT_ACTIONS, **OBJECTS, **OBJECT_METHODS, **WRAPPERS, **SETTINGS, **CONTEXTS, **DECORATORS, **FRAMEWORKS,
}  # fmt: skip

_ROOTS = ROOTS | {name.partition(".")[0] for name in FACTS if "." in name or isinstance(FACTS[name], Harmless)} - {"print", "input"}

_COMMON = frozenset({
    "aim", "attr", "av", "calendar", "datasets", "evaluate", "html", "http", "email", "keyword", "numbers", "queue", "resource",
    "secrets", "select", "site", "stat", "statistics", "string", "token", "tune",
})  # fmt: skip
"""Roots that people also give to modules of their own."""


def lookup(name: str) -> Fact | None:
    """What is known about the thing of this full name, however it is spelled."""
    name = canonical(name)
    fact = FACTS.get(name)
    if fact is not None:
        return fact
    root, _, rest = name.partition(".")
    if root == "transformers" and (fact := transformers_class(name)):
        return fact
    if root == "torchmetrics" and (fact := metric(name)):
        return fact
    if name.startswith("torch.Tensor."):
        return method(rest.partition(".")[2])
    while "." in name:
        name = name.rpartition(".")[0]
        if isinstance(outer := FACTS.get(name), Harmless):
            return outer
    return None


def method(name: str) -> Function | Action | None:
    """What is known about the tensor method of this name. `x_` is in place what `x` is, if it has no row of its own."""
    fact = METHODS.get(name)
    if fact is None and name.endswith("_") and not name.startswith("_"):
        fact = METHODS.get(name[:-1])
    return fact


def attribute(name: str) -> Effect | None:
    """What reading the tensor attribute of this name does."""
    return ATTRIBUTES.get(name)


def family(name: str) -> str | None:
    """The library class whose methods an instance of the named library class has beside its own."""
    fact = lookup(name)
    if isinstance(fact, Base):
        return fact.family if fact.family != canonical(name) else None
    if isinstance(fact, Make):
        return fact.qualified_name if fact.qualified_name != canonical(name) else None
    if isinstance(fact, Hooks):
        return "torch.nn.Module" if fact.module else None
    for kind, result in _FAMILIES:
        if isinstance(fact, kind):
            return result
    return None


_FAMILIES: tuple[tuple[type, str], ...] = (
    (Layer, "torch.nn.Module"),
    (Loss, "torch.nn.Module"),
    (Network, "torch.nn.Module"),
    (Optimizer, "torch.optim.Optimizer"),
    (Scheduler, "torch.optim.lr_scheduler.LRScheduler"),
    (Dataset, "torch.utils.data.Dataset"),
    (Loader, "torch.utils.data.DataLoader"),
    (Sampler, "torch.utils.data.Sampler"),
)


def member(owner: str, name: str) -> Fact | None:
    """What is known about a method or attribute of instances of the library class `owner`, its own or inherited."""
    owner = canonical(owner)
    fact = FACTS.get(f"{owner}.{name}")
    if fact is None and (base := family(owner)) is not None and base != owner:
        return member(base, name)
    return fact


def is_library(root: str) -> bool:
    """Whether a package of this name is known here, so that it is never read as source of the workspace.

    False for names that people give to modules of their own too: look for such a module first, then here.
    """
    return root in _ROOTS and root not in _COMMON
