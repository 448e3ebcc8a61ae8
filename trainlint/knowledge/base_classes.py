"""Library classes that users derive from, and which class has the methods of which."""

from trainlint.knowledge.facts import Base

MODULE = Base("torch.nn.Module")
DATASET = Base("torch.utils.data.Dataset")
OPTIMIZER = Base("torch.optim.Optimizer")
SCHEDULER = Base("torch.optim.lr_scheduler.LRScheduler")
SAMPLER = Base("torch.utils.data.Sampler")
FUNCTION = Base("torch.autograd.Function")
CALLBACK = Base("lightning.Callback")

BASES: dict[str, Base] = {
    # Modules
    "torch.nn.Module": MODULE,
    "torch.jit.ScriptModule": MODULE,
    "torch.nn.Container": MODULE,
    "torch.nn.RNNBase": MODULE,
    "torch.nn.RNNCellBase": MODULE,
    "torch.nn.modules.batchnorm._BatchNorm": MODULE,
    "torch.nn.modules.batchnorm._NormBase": MODULE,
    "torch.nn.modules.conv._ConvNd": MODULE,
    "torch.nn.modules.conv._ConvTransposeNd": MODULE,
    "torch.nn.modules.dropout._DropoutNd": MODULE,
    "torch.nn.modules.loss._Loss": MODULE,
    "torch.nn.modules.loss._WeightedLoss": MODULE,
    "torch.nn.modules.pooling._AvgPoolNd": MODULE,
    "torch.nn.modules.pooling._MaxPoolNd": MODULE,
    "torchvision.transforms.v2.Transform": MODULE,
    "torch_geometric.nn.MessagePassing": MODULE,
    "transformers.PreTrainedModel": MODULE,
    "diffusers.ModelMixin": MODULE,
    "gpytorch.Module": MODULE,
    "labml_helpers.module.Module": MODULE,
    "mmengine.model.BaseModule": MODULE,
    "mmcv.runner.BaseModule": MODULE,
    "stable_baselines3.common.torch_layers.BaseFeaturesExtractor": MODULE,
    # Data
    "torch.utils.data.Dataset": DATASET,
    "torch.utils.data.IterableDataset": Base("torch.utils.data.IterableDataset"),
    "torch.utils.data.IterDataPipe": Base("torch.utils.data.IterableDataset"),
    "torch.utils.data.MapDataPipe": DATASET,
    "torch.utils.data.Sampler": SAMPLER,
    "torchvision.datasets.VisionDataset": DATASET,
    "torch_geometric.data.Dataset": DATASET,
    "torch_geometric.data.InMemoryDataset": DATASET,
    "monai.data.Dataset": DATASET,
    # Optimization
    "torch.optim.Optimizer": OPTIMIZER,
    "torch.optim.lr_scheduler.LRScheduler": SCHEDULER,
    "timm.scheduler.Scheduler": Base("timm.scheduler.Scheduler"),
    "torch.autograd.Function": FUNCTION,
    # Frameworks
    "lightning.Callback": CALLBACK,
    "lightning.LightningDataModule": Base("lightning.LightningDataModule"),
    "torch.distributions.Distribution": Base("torch.distributions.Distribution"),
}
