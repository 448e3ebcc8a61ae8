"""Data sets, loaders, samplers, scalers."""

from trainlint.knowledge.facts import Action, Arrays, Dataset, Effect, Function, Kind, Loader, Make, Sampler, Scale, Split, Verb

LABELLED = ("transform", "target_transform", "download")
TENSOR_FIELDS = (
    ("data", "image"), ("targets", "label"), ("train_data", "image"), ("train_labels", "label"),
    ("test_data", "image"), ("test_labels", "label"),
)  # fmt: skip
ARRAY_FIELDS = (("data", "image"), ("targets", "label"))
LABEL_FIELDS = (("data", "image"), ("labels", "label"))
PLAIN = ("image", "other")
"""Boxes, masks, captions, attributes: whatever they are, they are no class ids."""
LOADER = (
    "dataset", "batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn", "pin_memory",
    "drop_last", "timeout", "worker_init_fn", "multiprocessing_context", "generator",
)  # fmt: skip
GRAPH_LOADER = Loader(("dataset", "batch_size", "shuffle"))
GRAPHS = Dataset(("root", "name"), ("other",), target_transform=None, train=None)

TORCH_DATA: dict[str, Dataset | Loader | Sampler | Split] = {
    "torch.utils.data.DataLoader": Loader(LOADER),
    "torch.utils.data.TensorDataset": Dataset(
        ("*tensors",), (), transform=None, target_transform=None, train=None, wraps="*tensors", fields=(("tensors", "other"),)
    ),
    "torch.utils.data.Subset": Dataset(("dataset", "indices"), (), transform=None, target_transform=None, train=None, wraps="dataset"),
    "torch.utils.data.ConcatDataset": Dataset(("datasets",), (), transform=None, target_transform=None, train=None, wraps="datasets"),
    "torch.utils.data.ChainDataset": Dataset(("datasets",), (), transform=None, target_transform=None, train=None, wraps="datasets"),
    "torch.utils.data.random_split": Split("dataset", ("dataset", "lengths", "generator")),
    "torch.utils.data.SequentialSampler": Sampler(("data_source",), shuffles=False),
    "torch.utils.data.RandomSampler": Sampler(("data_source", "replacement", "num_samples", "generator")),
    "torch.utils.data.SubsetRandomSampler": Sampler(("indices", "generator")),
    "torch.utils.data.WeightedRandomSampler": Sampler(("weights", "num_samples", "replacement", "generator")),
    "torch.utils.data.BatchSampler": Sampler(("sampler", "batch_size", "drop_last"), shuffles=None),
    "torch.utils.data.DistributedSampler": Sampler(
        ("dataset", "num_replicas", "rank", "shuffle", "seed", "drop_last"), distributed=True, shuffles=None
    ),
}

LOADERS: dict[str, Loader | Sampler | Dataset] = {
    "torchdata.stateful_dataloader.StatefulDataLoader": Loader(LOADER),
    "torch_geometric.loader.DataLoader": GRAPH_LOADER,
    "torch_geometric.loader.DataListLoader": GRAPH_LOADER,
    "torch_geometric.loader.DenseDataLoader": GRAPH_LOADER,
    "ignite.distributed.auto_dataloader": Loader(("dataset",)),
    "monai.data.DataLoader": Loader(("dataset", "num_workers")),
    "torch_geometric.loader.ImbalancedSampler": Sampler(("dataset", "input_nodes", "num_samples")),
    "torch_geometric.datasets.Planetoid": GRAPHS,
    "torch_geometric.datasets.TUDataset": GRAPHS,
    "torch_geometric.datasets.MoleculeNet": GRAPHS,
    "torch_geometric.datasets.ModelNet": GRAPHS,
}

TORCHVISION_DATA: dict[str, Dataset] = {
    # Classification
    "torchvision.datasets.MNIST": Dataset(("root", "train", *LABELLED), classes=10, fields=TENSOR_FIELDS),
    "torchvision.datasets.FashionMNIST": Dataset(("root", "train", *LABELLED), classes=10, fields=TENSOR_FIELDS),
    "torchvision.datasets.KMNIST": Dataset(("root", "train", *LABELLED), classes=10, fields=TENSOR_FIELDS),
    "torchvision.datasets.QMNIST": Dataset(("root", "what", "compat", "train"), classes=10, fields=TENSOR_FIELDS),
    "torchvision.datasets.EMNIST": Dataset(("root", "split"), fields=TENSOR_FIELDS),
    "torchvision.datasets.CIFAR10": Dataset(("root", "train", *LABELLED), classes=10, fields=ARRAY_FIELDS),
    "torchvision.datasets.CIFAR100": Dataset(("root", "train", *LABELLED), classes=100, fields=ARRAY_FIELDS),
    "torchvision.datasets.USPS": Dataset(("root", "train", *LABELLED), classes=10, fields=ARRAY_FIELDS),
    "torchvision.datasets.SVHN": Dataset(("root", "split", *LABELLED), classes=10, train="split", fields=LABEL_FIELDS),
    "torchvision.datasets.STL10": Dataset(("root", "split", "folds", *LABELLED), classes=10, train="split", fields=LABEL_FIELDS),
    "torchvision.datasets.SEMEION": Dataset(("root", *LABELLED), classes=10, train=None, fields=LABEL_FIELDS),
    "torchvision.datasets.ImageNet": Dataset(("root", "split"), classes=1000, train="split"),
    "torchvision.datasets.Imagenette": Dataset(("root", "split", "size", "download", *LABELLED[:2]), classes=10, train="split"),
    "torchvision.datasets.Food101": Dataset(("root", "split", *LABELLED), classes=101, train="split"),
    "torchvision.datasets.Flowers102": Dataset(("root", "split", *LABELLED), classes=102, train="split"),
    "torchvision.datasets.StanfordCars": Dataset(("root", "split", *LABELLED), classes=196, train="split"),
    "torchvision.datasets.DTD": Dataset(("root", "split", "partition", *LABELLED), classes=47, train="split"),
    "torchvision.datasets.GTSRB": Dataset(("root", "split", *LABELLED), classes=43, train="split"),
    "torchvision.datasets.Country211": Dataset(("root", "split", *LABELLED), classes=211, train="split"),
    "torchvision.datasets.PCAM": Dataset(("root", "split", *LABELLED), classes=2, train="split"),
    "torchvision.datasets.RenderedSST2": Dataset(("root", "split", *LABELLED), classes=2, train="split"),
    "torchvision.datasets.FER2013": Dataset(("root", "split", *LABELLED[:2]), classes=7, train="split"),
    "torchvision.datasets.EuroSAT": Dataset(("root", *LABELLED), classes=10, train=None),
    "torchvision.datasets.SUN397": Dataset(("root", *LABELLED), classes=397, train=None),
    "torchvision.datasets.Places365": Dataset(
        ("root", "split", "small", "download", *LABELLED[:2]), classes=365, train="split"
    ),
    "torchvision.datasets.FGVCAircraft": Dataset(("root", "split", "annotation_level", *LABELLED), train="split"),
    "torchvision.datasets.LFWPeople": Dataset(("root", "split", "image_set", *LABELLED), train="split"),
    "torchvision.datasets.INaturalist": Dataset(("root", "version", "target_type", *LABELLED), train="version"),
    "torchvision.datasets.Omniglot": Dataset(("root", "background", *LABELLED), train=None),
    "torchvision.datasets.Caltech256": Dataset(("root", *LABELLED), train=None),
    "torchvision.datasets.LSUN": Dataset(("root", "classes", *LABELLED[:2]), train="classes"),
    "torchvision.datasets.FakeData": Dataset(("size", "image_size", "num_classes", *LABELLED[:2]), train=None),
    "torchvision.datasets.ImageFolder": Dataset(
        ("root", *LABELLED[:2], "loader", "is_valid_file"), train=None, fields=(("targets", "label"),)
    ),
    "torchvision.datasets.DatasetFolder": Dataset(
        ("root", "loader", "extensions", *LABELLED[:2]), ("other", "label"), train=None, fields=(("targets", "label"),)
    ),
    # Anything else
    "torchvision.datasets.Caltech101": Dataset(("root", "target_type", *LABELLED), PLAIN, train=None),
    "torchvision.datasets.CelebA": Dataset(("root", "split", "target_type", *LABELLED), PLAIN, train="split"),
    "torchvision.datasets.Cityscapes": Dataset(("root", "split", "mode", "target_type", *LABELLED[:2]), PLAIN, train="split"),
    "torchvision.datasets.CocoCaptions": Dataset(("root", "annFile", *LABELLED[:2]), PLAIN, train=None),
    "torchvision.datasets.CocoDetection": Dataset(("root", "annFile", *LABELLED[:2]), PLAIN, train=None),
    "torchvision.datasets.Flickr8k": Dataset(("root", "ann_file", *LABELLED[:2]), PLAIN, train=None),
    "torchvision.datasets.Flickr30k": Dataset(("root", "ann_file", *LABELLED[:2]), PLAIN, train=None),
    "torchvision.datasets.Kitti": Dataset(("root", "train", *LABELLED[:2]), PLAIN),
    "torchvision.datasets.OxfordIIITPet": Dataset(
        ("root", "split", "target_types", "transforms", *LABELLED), PLAIN, train="split"
    ),
    "torchvision.datasets.SBDataset": Dataset(
        ("root", "image_set", "mode", "download", "transforms"), PLAIN, None, None, None, "image_set"
    ),
    "torchvision.datasets.SBU": Dataset(("root", *LABELLED), PLAIN, train=None),
    "torchvision.datasets.VOCDetection": Dataset(
        ("root", "year", "image_set", "download", *LABELLED[:2]), PLAIN, train="image_set"
    ),
    "torchvision.datasets.VOCSegmentation": Dataset(
        ("root", "year", "image_set", "download", *LABELLED[:2]), PLAIN, train="image_set"
    ),
    "torchvision.datasets.WIDERFace": Dataset(("root", "split", *LABELLED), PLAIN, train="split"),
    "torchvision.datasets.MovingMNIST": Dataset(
        ("root", "split", "split_ratio", "download", "transform"),
        ("image",), target_transform=None, train="split", fields=(("data", "image"),),
    ),
    "torchvision.datasets.UCF101": Dataset(
        ("root", "annotation_path", "frames_per_clip", "step_between_clips", "frame_rate", "fold", "train", "transform"),
        ("image", "other", "label"), 101, target_transform=None,
    ),
    "torchvision.datasets.HMDB51": Dataset(
        ("root", "annotation_path", "frames_per_clip", "step_between_clips", "frame_rate", "fold", "train", "transform"),
        ("image", "other", "label"), 51, target_transform=None,
    ),
    "torchvision.datasets.Kinetics": Dataset(
        ("root", "frames_per_clip", "num_classes", "split", "frame_rate", "step_between_clips", "transform"),
        ("image", "other", "label"), target_transform=None, train="split",
    ),
}  # fmt: skip

TABLE = ("return_X_y", "as_frame")
TABLE_FIELDS = (("data", "other"), ("target", "label"))
FEATURES = ("other", "label")
NUMBERS = ("other", "other")
NUMBER_FIELDS = (("data", "other"), ("target", "other"))

ARRAY_DATA: dict[str, Arrays | Split] = {
    # scikit-learn
    "sklearn.datasets.load_digits": Arrays(
        ("n_class", *TABLE),
        classes=10,
        fields=(("data", "image"), ("images", "image"), ("target", "label")),
        pair="return_X_y",
        scale=Scale.DIGITS,
    ),
    "sklearn.datasets.load_iris": Arrays(TABLE, FEATURES, classes=3, fields=TABLE_FIELDS, pair="return_X_y"),
    "sklearn.datasets.load_wine": Arrays(TABLE, FEATURES, classes=3, fields=TABLE_FIELDS, pair="return_X_y"),
    "sklearn.datasets.load_breast_cancer": Arrays(TABLE, FEATURES, classes=2, fields=TABLE_FIELDS, pair="return_X_y"),
    "sklearn.datasets.load_diabetes": Arrays(TABLE, NUMBERS, fields=NUMBER_FIELDS, pair="return_X_y"),
    "sklearn.datasets.load_boston": Arrays(("return_X_y",), NUMBERS, fields=NUMBER_FIELDS, pair="return_X_y"),
    "sklearn.datasets.fetch_california_housing": Arrays(
        ("data_home", "download_if_missing", *TABLE), NUMBERS, fields=NUMBER_FIELDS, pair="return_X_y"
    ),
    "sklearn.datasets.fetch_openml": Arrays(("name", "version", "data_id"), NUMBERS, fields=NUMBER_FIELDS, pair="return_X_y"),
    "sklearn.datasets.make_moons": Arrays(("n_samples", "shuffle", "noise"), FEATURES, classes=2),
    "sklearn.datasets.make_circles": Arrays(("n_samples", "shuffle", "noise"), FEATURES, classes=2),
    "sklearn.datasets.make_blobs": Arrays(("n_samples", "n_features", "centers"), FEATURES),
    "sklearn.datasets.make_classification": Arrays(("n_samples", "n_features"), FEATURES),
    "sklearn.datasets.make_gaussian_quantiles": Arrays(("mean", "cov", "n_samples"), FEATURES),
    "sklearn.datasets.make_multilabel_classification": Arrays(("n_samples", "n_features"), NUMBERS),
    "sklearn.datasets.make_regression": Arrays(("n_samples", "n_features"), NUMBERS),
    "sklearn.datasets.make_friedman1": Arrays(("n_samples", "n_features"), NUMBERS),
    "sklearn.datasets.make_swiss_roll": Arrays(("n_samples",), NUMBERS),
    "sklearn.datasets.make_s_curve": Arrays(("n_samples",), NUMBERS),
    "sklearn.model_selection.train_test_split": Split(
        "*arrays", ("*arrays", "test_size", "train_size", "random_state", "shuffle", "stratify"), "shuffle"
    ),
    # Keras: (training, test), raw
    "keras.datasets.mnist.load_data": Arrays(("path",), splits=2, classes=10),
    "keras.datasets.fashion_mnist.load_data": Arrays(splits=2, classes=10),
    "keras.datasets.cifar10.load_data": Arrays(splits=2, classes=10),
    "keras.datasets.cifar100.load_data": Arrays(("label_mode",), splits=2),
    "keras.datasets.imdb.load_data": Arrays(("path", "num_words"), FEATURES, splits=2, classes=2),
    "keras.datasets.reuters.load_data": Arrays(("path", "num_words"), FEATURES, splits=2, classes=46),
    "keras.datasets.boston_housing.load_data": Arrays(("path", "test_split"), NUMBERS, splits=2),
    "keras.datasets.california_housing.load_data": Arrays(("version",), NUMBERS, splits=2),
}

_SCALERS = {
    "StandardScaler": (Effect.CENTRE, ()),
    "MinMaxScaler": (Effect.NORMALIZE, ("feature_range",)),
    "MaxAbsScaler": (Effect.NORMALIZE, ()),
    "RobustScaler": (Effect.NORMALIZE, ()),
    "QuantileTransformer": (Effect.NORMALIZE, ()),
    "PowerTransformer": (Effect.NORMALIZE, ("method",)),
}
_FIT = Action(((Verb.FIT, "X"),), ("X", "y"), returns="self")

SCALERS: dict[str, Make | Action | Function] = {
    **{f"sklearn.preprocessing.{name}": Make(f"sklearn.preprocessing.{name}", p) for name, (_, p) in _SCALERS.items()},
    **{f"sklearn.preprocessing.{name}.fit": _FIT for name in _SCALERS},
    "sklearn.preprocessing.StandardScaler.partial_fit": _FIT,
    "sklearn.preprocessing.MinMaxScaler.partial_fit": _FIT,
    **{f"sklearn.preprocessing.{name}.transform": Function(effect, ("X",)) for name, (effect, _) in _SCALERS.items()},
    **{f"sklearn.preprocessing.{name}.fit_transform": Function(effect, ("X", "y"), fits=True) for name, (effect, _) in _SCALERS.items()},
    **{f"sklearn.preprocessing.{name}.inverse_transform": Function(Effect.ARITHMETIC, ("X",)) for name in _SCALERS},
    "sklearn.preprocessing.scale": Function(Effect.CENTRE, ("X",), fits=True),
    "sklearn.preprocessing.minmax_scale": Function(Effect.NORMALIZE, ("X", "feature_range"), fits=True),
    "sklearn.preprocessing.normalize": Function(Effect.NORMALIZE, ("X", "norm")),
    "sklearn.preprocessing.LabelEncoder": Make("sklearn.preprocessing.LabelEncoder"),
    "sklearn.preprocessing.LabelEncoder.fit": Action((), ("y",), returns="self"),
    "sklearn.preprocessing.LabelEncoder.transform": Function(Effect.DISCRETE, ("y",), kind=Kind.CLASS_IDS),
    "sklearn.preprocessing.LabelEncoder.fit_transform": Function(Effect.DISCRETE, ("y",), kind=Kind.CLASS_IDS),
    "sklearn.decomposition.PCA": Make("sklearn.decomposition.PCA", ("n_components",)),
    "sklearn.decomposition.PCA.fit": _FIT,
    "sklearn.decomposition.PCA.transform": Function(Effect.ARITHMETIC, ("X",)),
    "sklearn.decomposition.PCA.fit_transform": Function(Effect.ARITHMETIC, ("X", "y"), fits=True),
    "keras.utils.to_categorical": Function(Effect.ONE_HOT, ("x", "num_classes"), count="num_classes"),
}
