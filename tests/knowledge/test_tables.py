"""The tables agree with themselves."""

import re

import pytest

from trainlint.knowledge import library
from trainlint.knowledge.facts import (
    Action,
    Alias,
    Base,
    Calls,
    Context,
    Fact,
    Function,
    Gives,
    Harmless,
    Layer,
    Loss,
    Make,
    Optimizer,
    Scheduler,
    Setting,
    Split,
    Transform,
)
from trainlint.knowledge.names import canonical
from trainlint.program.interpreter.builtins import STANDARD

FACTS = library.FACTS


def named(fact: Fact) -> set[str]:
    """The parameters that a fact speaks of in its other fields."""
    match fact:
        case Function():
            return {fact.axis, fact.count, fact.mode, fact.probability, fact.scale, fact.dtype, fact.indices} - {None, "*"}  # type: ignore[return-value]
        case Layer():
            return {fact.units, fact.inputs, fact.axis, fact.probability} - {None}  # type: ignore[return-value]
        case Transform():
            return {fact.composes, fact.scale, fact.dtype, fact.maximum, fact.calls} - {None}  # type: ignore[return-value]
        case Optimizer():
            return {fact.holds}
        case Scheduler():
            return {fact.optimizer, *([fact.wraps] if fact.wraps else [])}
        case Action():
            return {re.split(r"[?!]", place)[0] for _, place in fact.does} | ({fact.returns} if fact.returns else set())
        case Gives() if fact.parameters:
            return {fact.which, *fact.also, *(re.split(r"[?!]", place)[0] for _, place in fact.does)}
        case Context():
            return {fact.enters} if fact.enters else set()
        case Make() if fact.parameters:
            return ({fact.wraps} if fact.wraps else set()) | set(fact.beside)
        case Calls():
            return {fact.function, fact.passes.lstrip("*")} - {""}
        case Split():
            return {fact.which.lstrip("*"), *([fact.shuffles] if fact.shuffles else [])}
        case Setting():
            return {fact.name.lstrip("*")}
        case _:
            return set()


@pytest.mark.parametrize("kind", [Function, Layer, Transform, Optimizer, Scheduler, Action, Gives, Context, Make, Calls, Split, Setting])
def test_every_parameter_that_a_row_speaks_of_is_one_of_its_parameters(kind: type) -> None:
    """A row that names the axis, the probability, the loss to go backward through … names a parameter of its own."""
    for name, fact in FACTS.items():
        if isinstance(fact, kind):
            parameters = {parameter.lstrip("*") for parameter in getattr(fact, "parameters", ())} | {"self", "*"}
            assert named(fact) <= parameters, name


def test_conditions_of_actions_are_parameters_too() -> None:
    """`parameters?clip_grad!need_update` depends on arguments that the call has."""
    for name, fact in FACTS.items():
        if isinstance(fact, Action):
            for _, place in fact.does:
                assert {condition for condition in re.split(r"[?!]", place)[1:] if condition} <= set(fact.parameters), name


def test_every_row_stands_under_its_canonical_name() -> None:
    """A row under another spelling would never be found."""
    assert [name for name in FACTS if canonical(name) != name] == []


def test_folding_a_name_twice_changes_nothing() -> None:
    """What canonical() gives is canonical."""
    for name in ("torch.nn.modules.conv.Conv2d.forward", "pytorch_lightning.core.module.LightningModule", "tqdm.auto.tqdm", "a.b", "a"):
        assert canonical(canonical(name)) == canonical(name)


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("torch.nn.modules.linear.Linear", "torch.nn.Linear"),
        ("torch.nn.modules.Module", "torch.nn.Module"),
        ("torch.nn.modules.module.Module.train", "torch.nn.Module.train"),
        ("torch.nn.modules.loss._Loss", "torch.nn.modules.loss._Loss"),
        ("torch.nn.parameter.Parameter", "torch.nn.Parameter"),
        ("torch.nn.parallel.DataParallel", "torch.nn.DataParallel"),
        ("torch.nn.parallel.distributed.DistributedDataParallel", "torch.nn.parallel.DistributedDataParallel"),
        ("torch.nn.utils.clip_grad.clip_grad_norm_", "torch.nn.utils.clip_grad_norm_"),
        ("torch.nn.functional.relu", "torch.nn.functional.relu"),
        ("torch.functional.einsum", "torch.einsum"),
        ("torch.autograd.no_grad", "torch.no_grad"),
        ("torch.autograd.grad_mode.set_grad_enabled", "torch.set_grad_enabled"),
        ("torch.optim.sgd.SGD", "torch.optim.SGD"),
        ("torch.optim.optimizer.Optimizer", "torch.optim.Optimizer"),
        ("torch.optim.lr_scheduler._LRScheduler", "torch.optim.lr_scheduler.LRScheduler"),
        ("torch.utils.data.dataloader.DataLoader", "torch.utils.data.DataLoader"),
        ("torch.utils.data.distributed.DistributedSampler", "torch.utils.data.DistributedSampler"),
        ("torch.cuda.amp.grad_scaler.GradScaler", "torch.cuda.amp.GradScaler"),
        ("torch.distributions.normal.Normal", "torch.distributions.Normal"),
        ("lightning.pytorch.LightningModule", "lightning.LightningModule"),
        ("pytorch_lightning.core.lightning.LightningModule", "lightning.LightningModule"),
        ("pytorch_lightning.Trainer", "lightning.Trainer"),
        ("pytorch_lightning.trainer.trainer.Trainer", "lightning.Trainer"),
        ("lightning.fabric.Fabric", "lightning.Fabric"),
        ("lightning_fabric.Fabric", "lightning.Fabric"),
        ("torchvision.transforms.transforms.ToTensor", "torchvision.transforms.ToTensor"),
        ("torchvision.transforms.v2.ToDtype", "torchvision.transforms.v2.ToDtype"),
        ("torchvision.datasets.mnist.MNIST", "torchvision.datasets.MNIST"),
        ("torchvision.models.resnet.resnet50", "torchvision.models.resnet50"),
        ("torchvision.models.segmentation.fcn.fcn_resnet50", "torchvision.models.segmentation.fcn_resnet50"),
        ("torchvision.models.alexnet", "torchvision.models.alexnet"),
        ("timm.models.layers.DropPath", "timm.layers.DropPath"),
        ("timm.models.layers.drop.drop_path", "timm.layers.drop_path"),
        ("timm.optim.optim_factory.create_optimizer_v2", "timm.optim.create_optimizer_v2"),
        ("timm.models.factory.create_model", "timm.create_model"),
        ("transformers.models.bert.modeling_bert.BertModel", "transformers.BertModel"),
        ("transformers.optimization.get_linear_schedule_with_warmup", "transformers.get_linear_schedule_with_warmup"),
        ("accelerate.accelerator.Accelerator", "accelerate.Accelerator"),
        ("albumentations.augmentations.transforms.Normalize", "albumentations.Normalize"),
        ("albumentations.pytorch.transforms.ToTensorV2", "albumentations.pytorch.ToTensorV2"),
        ("torch_geometric.nn.conv.gcn_conv.GCNConv", "torch_geometric.nn.GCNConv"),
        ("tqdm.auto.tqdm", "tqdm.tqdm"),
        ("tqdm.notebook.trange", "tqdm.trange"),
        ("tensorflow.keras.datasets.mnist.load_data", "keras.datasets.mnist.load_data"),
        ("sklearn.preprocessing._data.StandardScaler", "sklearn.preprocessing.StandardScaler"),
    ],
)
def test_spellings_are_folded(spelling: str, name: str) -> None:
    """Every public spelling of a thing leads to the one that has a row."""
    assert canonical(spelling) == name


@pytest.mark.parametrize(
    "name", ["torch.nn.Linear", "torch.Tensor.detach", "os.path.join", "matplotlib.pyplot.plot", "torch.cuda.synchronize"]
)
def test_lookup_knows(name: str) -> None:
    """Exact rows, tensor methods, and whatever lies in a package that is harmless as a whole."""
    assert library.lookup(name) is not None


@pytest.mark.parametrize("name", ["torch.not_there", "torch", "nobody.knows", "torch.nn.Linear.nothing", "functools.reduce"])
def test_lookup_does_not_guess(name: str) -> None:
    """What has no row is not known, not even beside things that are."""
    assert library.lookup(name) is None


def test_the_innermost_harmless_package_speaks() -> None:
    """Scores are shown to a person, other parts of the same package are not."""
    assert library.lookup("sklearn.metrics.accuracy_score") == Harmless(reports=True)
    assert library.lookup("sklearn.svm.SVC") == Harmless()
    assert library.lookup("sklearn.preprocessing.StandardScaler.fit_transform") != Harmless()


def test_methods_in_place_are_their_twins() -> None:
    """`clamp_` does to its tensor what `clamp` does; a name of underscores is no method in place."""
    assert library.method("clamp_") == library.method("clamp") is not None
    assert library.method("zero_") is not None
    assert library.method("nothing_") is None
    assert library.method("__add__") is None


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("torch.nn.Conv2d", "eval"),
        ("torch.optim.AdamW", "zero_grad"),
        ("torch.optim.lr_scheduler.StepLR", "step"),
        ("torch.optim.lr_scheduler.ReduceLROnPlateau", "step"),
        ("torch.cuda.amp.GradScaler", "unscale_"),
        ("pytorch_lightning.LightningModule", "manual_backward"),
        ("pytorch_lightning.LightningModule", "train"),
        ("torchvision.models.resnet18", "zero_grad"),
        ("torch.distributions.Categorical", "log_prob"),
        ("tensorboardX.SummaryWriter", "add_scalar"),
        ("timm.utils.NativeScaler", "__call__"),
    ],
)
def test_members_are_found_where_they_are_inherited_from(owner: str, name: str) -> None:
    """An object of a library has the methods of its class, and those of the class that this derives from."""
    assert library.member(owner, name) is not None


def test_plateau_schedulers_have_a_step_of_their_own() -> None:
    """The first argument of their `step` is the metric, not an epoch."""
    step = library.member("torch.optim.lr_scheduler.ReduceLROnPlateau", "step")
    assert isinstance(step, Action)
    assert step.parameters[0] == "metrics"


def test_made_objects_and_families_have_methods() -> None:
    """A row that makes an object of a class names a class that has rows; a base class names a family that exists."""
    known = {name.rpartition(".")[0] for name in FACTS} | FACTS.keys()
    bare = {"sklearn.decomposition.PCA", "lightning.Callback", "lightning.LightningDataModule", "torch.utils.data.IterableDataset"}
    for name, fact in FACTS.items():
        if isinstance(fact, Make):
            assert fact.qualified_name in known | bare, name
        if isinstance(fact, Base):
            assert fact.family in known | bare, name


def test_libraries_are_told_from_modules_of_ones_own() -> None:
    """A library is never read as source of the workspace; a name that people give to their own modules is no library at once."""
    for root in ("torch", "torchvision", "numpy", "os", "pytorch_lightning", "transformers", "wandb", "tensorflow"):
        assert library.is_library(root), root
    for root in ("utils", "models", "datasets", "evaluate", "train", "print", "nobody"):
        assert not library.is_library(root), root


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("transformers.RobertaForMaskedLM.from_pretrained", "Network"),
        ("transformers.GPT2LMHeadModel", "Network"),
        ("transformers.BertTokenizerFast.from_pretrained", "Harmless"),
        ("transformers.BertConfig", "Harmless"),
        ("transformers.BertPreTrainedModel", "Base"),
        ("transformers.TFBertModel", "NoneType"),
        ("torchmetrics.classification.MulticlassAccuracy", "Make"),
        ("torchmetrics.functional.accuracy", "Harmless"),
    ],
)
def test_classes_of_large_families_are_known_by_the_names_that_their_library_gives(name: str, kind: str) -> None:
    """Transformers has thousands of classes, named by what they are; so has torchmetrics."""
    assert type(library.lookup(name)).__name__ == kind


def test_losses_name_their_input_first() -> None:
    """Every loss is called with at least what it compares."""
    assert all(len(fact.parameters) > 1 for fact in FACTS.values() if isinstance(fact, Loss))


def test_what_rows_point_to_is_played() -> None:
    """What a row calls another name of a builtin, or of a container of the standard library, is one that the run knows."""
    assert all(fact.builtin in STANDARD for fact in FACTS.values() if isinstance(fact, Alias))
