"""`torchvision.datasets` with data that are made up: as many, as large and as bright as the real ones, and learnable.

Each class has a pattern of its own, each sample that pattern under noise; the same sample is the same at every read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from ... import incidents
from .pictures import image, values_of

IMG_EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


class Form(NamedTuple):
    """What a dataset looks like."""

    shape: tuple[int, int, int]
    """Channels, height, width."""
    classes: int
    sizes: tuple[int, int]
    """Of the training and the test part."""
    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of its pixels, from 0 to 1, for each channel."""


_COLOURS = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))

FORMS = {
    "MNIST": Form((1, 28, 28), 10, (60_000, 10_000), (0.1307,), (0.3081,)),
    "FashionMNIST": Form((1, 28, 28), 10, (60_000, 10_000), (0.2860,), (0.3530,)),
    "KMNIST": Form((1, 28, 28), 10, (60_000, 10_000), (0.1918,), (0.3483,)),
    "QMNIST": Form((1, 28, 28), 10, (60_000, 60_000), (0.1307,), (0.3081,)),
    "EMNIST": Form((1, 28, 28), 47, (112_800, 18_800), (0.1751,), (0.3332,)),
    "USPS": Form((1, 16, 16), 10, (7_291, 2_007), (0.2469,), (0.2989,)),
    "CIFAR10": Form((3, 32, 32), 10, (50_000, 10_000), (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "CIFAR100": Form((3, 32, 32), 100, (50_000, 10_000), (0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762)),
    "SVHN": Form((3, 32, 32), 10, (73_257, 26_032), (0.4377, 0.4438, 0.4728), (0.1980, 0.2010, 0.1970)),
    "STL10": Form((3, 96, 96), 10, (5_000, 8_000), (0.4467, 0.4398, 0.4066), (0.2603, 0.2566, 0.2713)),
    "ImageNet": Form((3, 256, 256), 1000, (1_281_167, 50_000), *_COLOURS),
    "ImageFolder": Form((3, 256, 256), 2, (2_000, 400), *_COLOURS),
    "DatasetFolder": Form((3, 256, 256), 2, (2_000, 400), *_COLOURS),
    "Food101": Form((3, 256, 256), 101, (75_750, 25_250), *_COLOURS),
    "Flowers102": Form((3, 256, 256), 102, (1_020, 6_149), *_COLOURS),
    "OxfordIIITPet": Form((3, 256, 256), 37, (3_680, 3_669), *_COLOURS),
    "StanfordCars": Form((3, 256, 256), 196, (8_144, 8_041), *_COLOURS),
    "DTD": Form((3, 256, 256), 47, (1_880, 1_880), *_COLOURS),
    "EuroSAT": Form((3, 64, 64), 10, (27_000, 27_000), (0.3444, 0.3803, 0.4078), (0.2037, 0.1366, 0.1148)),
    "GTSRB": Form((3, 48, 48), 43, (26_640, 12_630), (0.3403, 0.3121, 0.3214), (0.2724, 0.2608, 0.2669)),
    "Caltech101": Form((3, 256, 256), 101, (8_677, 8_677), *_COLOURS),
    "Caltech256": Form((3, 256, 256), 257, (30_607, 30_607), *_COLOURS),
    "FakeData": Form((3, 224, 224), 10, (1_000, 1_000), (0.5, 0.5, 0.5), (0.2887, 0.2887, 0.2887)),
}

_FIRST_SPLITS = frozenset({"train", "training", "trainval", "unlabeled", "train+unlabeled", "all", "byclass", "balanced", "letters"})
_DATA_OF_ARRAYS = frozenset({"CIFAR10", "CIFAR100", "SVHN", "STL10"})
_BLOCK = 2048
"""How many samples are made at once."""
_MOST_KNOWN = 16_000_000
"""How many numbers of patterns are kept."""
_MADE_LATER = {
    "classes": "classes",
    "class_to_idx": "numbers",
    "data": "data",
    "train_data": "data",
    "test_data": "data",
    "targets": "targets",
    "labels": "targets",
    "_labels": "targets",
    "train_labels": "targets",
    "test_labels": "targets",
    "samples": "samples",
    "imgs": "samples",
}


class Synthetic(torch.utils.data.Dataset):  # type: ignore[type-arg]
    """Made-up samples in the form of a known dataset."""

    name = "ImageFolder"

    def __init__(self, root: Any = None, *arguments: Any, **options: Any) -> None:
        self.fill(self.name, root, arguments, options)
        incidents.record("stand-in data", f"torchvision.datasets.{self.name}")

    def fill(self, name: str, root: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        """Takes what the real dataset takes; the first positional argument after the root says which part is meant."""
        self.form = FORMS[name]
        part = options.get("train", options.get("split", arguments[0] if arguments and isinstance(arguments[0], (bool, str)) else True))
        self.train = part in _FIRST_SPLITS if isinstance(part, str) else bool(part)
        given = [argument for argument in arguments if callable(argument)] + [None, None]
        self.transform: Callable[[Any], Any] | None = options.get("transform", given[0])
        self.target_transform: Callable[[Any], Any] | None = options.get("target_transform", given[1])
        self.transforms = options.get("transforms")
        self.root = root
        self.split = part
        self.arrays = name in _DATA_OF_ARRAYS
        self._painter = _Painter(self.form)
        self._start = 0 if self.train else 10_000_000

    def __getattr__(self, name: str) -> Any:
        """What is large or seldom asked for is made when it is, and belongs to the program from then on."""
        if name in _MADE_LATER:
            value = self.__dict__[name] = getattr(self, f"_make_{_MADE_LATER[name]}")()
            return value
        raise AttributeError(name)

    def _make_classes(self) -> list[str]:
        return [f"class {number}" for number in range(self.form.classes)]

    def _make_numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._make_classes())}

    def _make_targets(self) -> Any:
        numbers = [self._class_of(index) for index in range(self.form.sizes[not self.train])]
        return numbers if self.arrays else torch.tensor(numbers)

    def _make_samples(self) -> list[tuple[str, int]]:
        return [(f"{self.root}/{index}.png", self._class_of(index)) for index in range(self.form.sizes[not self.train])]

    def _make_data(self) -> Any:
        count = self.form.sizes[not self.train]
        values = torch.empty((count, *self.form.shape), dtype=torch.uint8)
        kinds = [self._class_of(index) for index in range(count)]
        for start in range(0, count, _BLOCK):
            part = range(start, min(start + _BLOCK, count))
            for kind in {kinds[index] for index in part}:
                chosen = [index for index in part if kinds[index] == kind]
                values[chosen] = self._painter.painted_together(kind, [self._start + index for index in chosen])
        return values.permute(0, 2, 3, 1).contiguous().numpy() if self.arrays else values[:, 0]

    def pixels(self, index: int) -> torch.Tensor:
        """One sample: bytes in channels, height, width."""
        return self._painter.painted(self._class_of(index), self._start + index)

    def __len__(self) -> int:
        return len(self.data) if "data" in self.__dict__ else self.form.sizes[not self.train]

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        index = int(index)
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        sample = image(values_of(self.data[index]) if "data" in self.__dict__ else self.pixels(index))
        target = int(self.targets[index]) if "targets" in self.__dict__ else self._class_of(index)
        if self.transforms is not None:
            return self.transforms(sample, target)  # type: ignore[no-any-return]
        if self.transform is not None:
            sample = self.transform(sample)
        return sample, target if self.target_transform is None else self.target_transform(target)

    def _class_of(self, index: int) -> int:
        return (self._start + index) * 2_654_435_761 % 2**32 * self.form.classes >> 32  # Knuth's hash: no order, equal shares


class _Painter:
    """Draws samples of a form: the pattern of a class under noise."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._coarse = torch.rand(form.classes, form.shape[0], 5, 5, generator=torch.Generator().manual_seed(7))
        self._pixels = math.prod(form.shape)
        self._noise = torch.rand(max(1 << 16, 2 * self._pixels), generator=torch.Generator().manual_seed(8))
        self._strokes = form.shape[0] == 1 and form.mean[0] < 0.4
        self._known: dict[int, tuple[torch.Tensor, Any]] = {}

    def painted(self, kind: int, number: int) -> torch.Tensor:
        """Bytes in channels, height, width."""
        return self.painted_together(kind, [number])[0]

    def painted_together(self, kind: int, numbers: list[int]) -> torch.Tensor:
        """Several of one class."""
        starts = torch.tensor([number * 7919 % (self._noise.numel() - self._pixels) for number in numbers])
        noise = self._noise.unfold(0, self._pixels, 1)[starts].view(-1, *self._form.shape)
        pattern, scale = self._known.get(kind) or self._learnt(kind)
        strokes = pattern + 0.3 * noise > scale if self._strokes else None  # on black, as handwriting is
        values: torch.Tensor = (pattern + scale * noise).clamp_(0, 255) if strokes is None else strokes * (noise * 127.5 + 127.5)
        return values.to(torch.uint8)

    def _learnt(self, kind: int) -> tuple[torch.Tensor, Any]:
        """The pattern of a class, with what makes the pixels as bright and as varied as the real ones."""
        size = self._form.shape[1:]
        smooth = torch.nn.functional.interpolate(self._coarse[kind][None], size=size, mode="bilinear", align_corners=True)[0] * 0.7
        noisy = smooth + 0.3 * self._noise[: self._pixels].view(self._form.shape)
        if self._strokes:
            share = self._form.mean[0] / 0.75
            learnt: tuple[torch.Tensor, Any] = smooth, float(noisy.flatten().kthvalue(max(1, int(self._pixels * (1 - share)))).values)
        else:
            mean, std = (255 * torch.tensor(values).view(-1, 1, 1) for values in (self._form.mean, self._form.std))
            gain = std / noisy.std((1, 2), keepdim=True)
            learnt = mean + gain * (smooth - noisy.mean((1, 2), keepdim=True)), gain * 0.3
        if len(self._known) * self._pixels < _MOST_KNOWN:
            self._known[kind] = learnt
        return learnt


class FakeData(Synthetic):
    """As in torchvision, where it is made up as well."""

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Any = None,
        target_transform: Any = None,
        **_: Any,
    ) -> None:
        self.fill("FakeData", None, (), {"transform": transform, "target_transform": target_transform})
        channels, height, width = image_size
        self.form = Form((channels, height, width), num_classes, (size, size), (0.5,) * channels, (0.2887,) * channels)
        self._painter = _Painter(self.form)


def __getattr__(name: str) -> Any:
    """A dataset of each known form."""
    if name not in FORMS:
        raise AttributeError(f"trainlint's stand-in for torchvision has no dataset {name}")
    made = globals()[name] = type(name, (Synthetic,), {"name": name})
    return made
