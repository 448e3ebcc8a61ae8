"""One name for each thing: every other public spelling is folded onto the one that has a row."""

from functools import cache

_PREFIXES = {
    # torch
    "torch.amp.autocast_mode": "torch.amp",
    "torch.amp.grad_scaler": "torch.amp",
    "torch.autograd.anomaly_mode": "torch.autograd",
    "torch.autograd.enable_grad": "torch.enable_grad",
    "torch.autograd.function.Function": "torch.autograd.Function",
    "torch.autograd.grad_mode": "torch",
    "torch.autograd.inference_mode": "torch.inference_mode",
    "torch.autograd.no_grad": "torch.no_grad",
    "torch.autograd.set_grad_enabled": "torch.set_grad_enabled",
    "torch.autograd.variable": "torch.autograd",
    "torch.cuda.amp.autocast_mode": "torch.cuda.amp",
    "torch.cuda.amp.grad_scaler": "torch.cuda.amp",
    "torch.distributed._composable.fsdp": "torch.distributed.fsdp",
    "torch.distributed.distributed_c10d": "torch.distributed",
    "torch.distributed.fsdp.fully_sharded_data_parallel": "torch.distributed.fsdp",
    "torch.functional": "torch",
    "torch.hub.tqdm": "tqdm.tqdm",
    "torch.multiprocessing.spawn.spawn": "torch.multiprocessing.spawn",
    "torch.nn.parallel.DataParallel": "torch.nn.DataParallel",
    "torch.nn.parallel.data_parallel.DataParallel": "torch.nn.DataParallel",
    "torch.nn.parallel.data_parallel.data_parallel": "torch.nn.parallel.data_parallel",
    "torch.nn.parallel.distributed": "torch.nn.parallel",
    "torch.nn.parameter": "torch.nn",
    "torch.nn.utils.clip_grad": "torch.nn.utils",
    "torch.nn.utils.convert_parameters": "torch.nn.utils",
    "torch.nn.utils.spectral_norm.spectral_norm": "torch.nn.utils.spectral_norm",
    "torch.nn.utils.weight_norm.weight_norm": "torch.nn.utils.weight_norm",
    "torch.optim.lr_scheduler._LRScheduler": "torch.optim.lr_scheduler.LRScheduler",
    "torch.profiler.profiler": "torch.profiler",
    "torch.utils.data._utils.collate": "torch.utils.data",
    "torch.utils.data.dataloader": "torch.utils.data",
    "torch.utils.data.dataset": "torch.utils.data",
    "torch.utils.data.distributed": "torch.utils.data",
    "torch.utils.data.sampler": "torch.utils.data",
    "torch.utils.model_zoo.tqdm": "tqdm.tqdm",
    "torch.utils.tensorboard.writer": "torch.utils.tensorboard",
    "tensorboardX.writer": "tensorboardX",
    "torchvision.datasets.vision.VisionDataset": "torchvision.datasets.VisionDataset",
    "torchvision.transforms.autoaugment": "torchvision.transforms",
    "torchvision.transforms.transforms": "torchvision.transforms",
    # Lightning
    "lightning.core": "lightning",
    "lightning.core.datamodule": "lightning",
    "lightning.core.lightning": "lightning",
    "lightning.core.module": "lightning",
    "lightning.fabric.Fabric": "lightning.Fabric",
    "lightning.fabric.fabric.Fabric": "lightning.Fabric",
    "lightning.pytorch": "lightning",
    "lightning.trainer.Trainer": "lightning.Trainer",
    "lightning.trainer.trainer": "lightning",
    "lightning.callbacks.Callback": "lightning.Callback",
    "lightning.callbacks.callback.Callback": "lightning.Callback",
    "lightning.callbacks.base.Callback": "lightning.Callback",
    "lightning.utilities.distributed.rank_zero_info": "lightning.utilities.rank_zero_info",
    "lightning.utilities.distributed.rank_zero_only": "lightning.utilities.rank_zero_only",
    "lightning.utilities.rank_zero.rank_zero_info": "lightning.utilities.rank_zero_info",
    "lightning.utilities.rank_zero.rank_zero_only": "lightning.utilities.rank_zero_only",
    "lightning_fabric": "lightning.fabric",
    "pytorch_lightning": "lightning",
    "pytorch_lightning.metrics": "torchmetrics",
    # timm, transformers, accelerate
    "timm.layers.drop": "timm.layers",
    "timm.layers.helpers": "timm.layers",
    "timm.layers.weight_init": "timm.layers",
    "timm.models._factory": "timm",
    "timm.models.create_model": "timm.create_model",
    "timm.models.factory": "timm",
    "timm.models.layers": "timm.layers",
    "timm.models.layers.drop": "timm.layers",
    "timm.models.layers.helpers": "timm.layers",
    "timm.models.layers.weight_init": "timm.layers",
    "timm.models.registry": "timm.models",
    "timm.optim._optim_factory": "timm.optim",
    "timm.optim.optim_factory": "timm.optim",
    "timm.scheduler.scheduler_factory": "timm.scheduler",
    "timm.utils.agc": "timm.utils",
    "timm.utils.clip_grad": "timm.utils",
    "timm.utils.distributed": "timm.utils",
    "timm.utils.log": "timm.utils",
    "timm.utils.metrics": "timm.utils",
    "timm.utils.model": "timm.utils",
    "timm.utils.random": "timm.utils",
    "timm.utils.summary": "timm.utils",
    "transformers.optimization": "transformers",
    "transformers.trainer_utils.set_seed": "transformers.set_seed",
    # Others
    "albumentations.pytorch.transforms": "albumentations.pytorch",
    "builtins.open": "open",
    "builtins.print": "print",
    "deepspeed.runtime.engine": "deepspeed",
    "horovod.torch.optimizer": "horovod.torch",
    "ignite.contrib.handlers": "ignite.handlers",
    "ignite.contrib.metrics": "ignite.metrics",
    "ignite.contrib.handlers.tqdm_logger": "ignite.handlers",
    "itertools.imap": "itertools.starmap",
    "keras.src": "keras",
    "keras.utils.np_utils": "keras.utils",
    "keras.utils.image_utils": "keras.utils",
    "matplotlib.pylab": "matplotlib.pyplot",
    "numpy.core.numeric": "numpy",
    "numpy.core.fromnumeric": "numpy",
    "opacus.privacy_engine": "opacus",
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.model_selection._split": "sklearn.model_selection",
    "sklearn.preprocessing._data": "sklearn.preprocessing",
    "sklearn.preprocessing.data": "sklearn.preprocessing",
    "tensorflow.contrib.keras": "keras",
    "tensorflow.keras": "keras",
    "tensorflow.python.keras": "keras",
    "tf_keras": "keras",
    "tqdm._tqdm": "tqdm",
    "tqdm._tqdm_notebook": "tqdm",
    "tqdm.asyncio": "tqdm",
    "tqdm.auto": "tqdm",
    "tqdm.auto.trange": "tqdm.trange",
    "tqdm.autonotebook": "tqdm",
    "tqdm.notebook": "tqdm",
    "tqdm.rich": "tqdm",
    "tqdm.std": "tqdm",
    "tqdm.tnrange": "tqdm.trange",
    "tqdm.tqdm_notebook": "tqdm.tqdm",
}
"""What a name begins with, as whole parts, and what stands there instead. The longest one counts; then it starts over."""

ROOTS = frozenset(name.partition(".")[0] for name in _PREFIXES)
"""The packages among them."""

_FLAT = (
    "accelerate", "albumentations", "apex.fp16_utils", "apex.normalization", "apex.optimizers", "apex.parallel", "ignite.engine",
    "monai.data", "monai.losses", "monai.networks.nets", "segmentation_models_pytorch", "segmentation_models_pytorch.losses",
    "timm.layers", "timm.loss", "timm.optim", "timm.scheduler", "timm.utils", "torch.distributions", "torch.nn", "torch.optim",
    "torch.optim.lr_scheduler", "torch_geometric.data", "torch_geometric.datasets", "torch_geometric.loader", "torch_geometric.nn",
    "torchvision.datasets", "torchvision.ops", "transformers",
)  # fmt: skip
"""Packages whose public classes lie in modules further down too: torch.optim.sgd.SGD is torch.optim.SGD."""

_KEPT = frozenset({
    "accelerate.logging", "accelerate.utils", "albumentations.pytorch", "segmentation_models_pytorch.utils", "torch.nn.attention",
    "torch.nn.functional", "torch.nn.init", "torch.nn.parallel", "torch.nn.utils", "torch.optim.swa_utils", "transformers.utils",
})  # fmt: skip
"""… but not what lies in these."""

_MODEL_PACKAGES = frozenset({"detection", "optical_flow", "quantization", "segmentation", "video"})


@cache
def canonical(name: str) -> str:
    """The name under which the library's thing of this name has its row, if it has one."""
    cuts = _cuts(name)
    for cut in cuts:
        if (prefix := _PREFIXES.get(name[:cut])) is not None:
            return canonical(prefix + name[cut:])
    if name.startswith("torchvision.models."):
        return _model(name)
    for cut in cuts[1:]:
        if name[:cut] in _KEPT:
            return name
        if name[:cut] in _FLAT:
            return _flat(name, cut)
    return name


def _cuts(name: str) -> list[int]:
    """Where the name can be cut after whole parts, the longest part first."""
    cuts = [len(name)]
    while (cut := name.rfind(".", 0, cuts[-1])) > 0:
        cuts.append(cut)
    return cuts


def _flat(name: str, cut: int) -> str:
    """Without the modules between the package, which ends at `cut`, and the first public class."""
    inner = name[cut + 1 :].split(".")
    for i, part in enumerate(inner):
        if part[:1].isupper():
            return f"{name[:cut]}.{'.'.join(inner[i:])}"
    return name


def _model(name: str) -> str:
    """The `torchvision.models` function without the module that it lies in: `resnet.resnet18` is `resnet18`."""
    parts = name.split(".")
    start = 3 if parts[2] in _MODEL_PACKAGES else 2
    if len(parts) > start + 1 and parts[start].islower():
        del parts[start]
    return ".".join(parts)
