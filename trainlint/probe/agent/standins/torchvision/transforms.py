"""`torchvision.transforms`, and `transforms.v2` under the same names."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

from . import functional


def _between(low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand(1))


def _whole(low: int, high: int) -> int:
    return int(torch.randint(low, high + 1, (1,)))


class InterpolationMode(enum.Enum):
    """How values between pixels are found; here always smoothly."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"


class Compose:
    """One after the other."""

    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None:
        self.transforms = transforms

    def __call__(self, *values: Any) -> Any:
        """What the last of them gives."""
        for transform in self.transforms:
            changed = transform(*values)
            values = changed if isinstance(changed, tuple) else (changed,)
        return values[0] if len(values) == 1 else values


class _Transform:
    """Something that is done to an image. The arguments that decide nothing here are taken and kept."""

    def __init__(self, *_: Any, **options: Any) -> None:
        self.options = options

    def __call__(self, img: Any, *others: Any) -> Any:
        changed = self.forward(img)
        return (changed, *others) if others else changed

    def forward(self, img: Any) -> Any:
        """The image afterwards; the same where what it is called is left out."""
        return img

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class _Fixed(_Transform):
    """A function with the arguments that it was made with."""

    function: Callable[..., Any]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(**options)
        self.arguments = arguments

    def forward(self, img: Any) -> Any:
        """See the function."""
        return type(self).function(img, *self.arguments, **self.options)


class ToTensor(_Transform):
    """Numbers from 0 to 1."""

    def forward(self, img: Any) -> torch.Tensor:
        """See `functional`."""
        return functional.to_tensor(img)


class PILToTensor(_Fixed):
    """Bytes."""

    function = functional.pil_to_tensor


class ToImage(_Fixed):
    """Bytes."""

    function = functional.pil_to_tensor


class ToPILImage(_Fixed):
    """An image."""

    function = functional.to_pil_image


class ConvertImageDtype(_Fixed):
    """Another range."""

    function = functional.convert_image_dtype


class ToDtype(_Fixed):
    """Another kind of numbers."""

    function = functional.to_dtype


class Normalize(_Transform):
    """Less the mean, over the standard deviation."""

    def __init__(self, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> None:  # noqa: FBT002
        super().__init__()
        self.mean, self.std, self.inplace = mean, std, inplace

    def forward(self, img: Any) -> torch.Tensor:
        """See `functional`."""
        return functional.normalize(img, self.mean, self.std, self.inplace)


class Resize(_Fixed):
    """To a size."""

    function = functional.resize


class CenterCrop(_Fixed):
    """The middle."""

    function = functional.center_crop


class Pad(_Fixed):
    """More on every side."""

    function = functional.pad


class Grayscale(_Fixed):
    """In grey."""

    function = functional.rgb_to_grayscale


class Lambda(_Fixed):
    """A function of the user's."""

    def forward(self, img: Any) -> Any:
        """Calls it."""
        return self.arguments[0](img)


class RandomCrop(_Transform):
    """A part at random."""

    def __init__(self, size: Any, padding: Any = None, pad_if_needed: bool = False, **options: Any) -> None:  # noqa: FBT002
        super().__init__(**options)
        self.size, self.padding, self.pad_if_needed = functional.pair(size), padding, pad_if_needed

    def forward(self, img: Any) -> Any:
        """See `functional`."""
        if self.padding is not None:
            img = functional.pad(img, self.padding, self.options.get("fill", 0), self.options.get("padding_mode", "constant"))
        columns, rows = functional.get_image_size(img)
        height, width = self.size
        if self.pad_if_needed and (rows < height or columns < width):
            img = functional.pad(img, [max(width - columns, 0), max(height - rows, 0)])
            columns, rows = functional.get_image_size(img)
        top, left = (_whole(0, max(room, 0)) for room in (rows - height, columns - width))
        return functional.crop(img, top, left, height, width)


class RandomResizedCrop(_Transform):
    """A part of any size and shape, to one size."""

    def __init__(self, size: Any, scale: Sequence[float] = (0.08, 1.0), ratio: Sequence[float] = (0.75, 4 / 3), **options: Any) -> None:
        super().__init__(**options)
        self.size, self.scale, self.ratio = functional.pair(size), scale, ratio

    def forward(self, img: Any) -> Any:
        """See `functional`."""
        columns, rows = functional.get_image_size(img)
        for _ in range(10):
            area = rows * columns * _between(*self.scale)
            ratio = math.exp(_between(math.log(self.ratio[0]), math.log(self.ratio[1])))
            width, height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < width <= columns and 0 < height <= rows:
                top, left = _whole(0, rows - height), _whole(0, columns - width)
                return functional.resized_crop(img, top, left, height, width, self.size)
        return functional.center_crop(functional.resize(img, min(self.size)), self.size)


class _Sometimes(_Transform):
    """With a probability, one half if nothing is said."""

    def __init__(self, p: float = 0.5, *_: Any, **options: Any) -> None:
        super().__init__(**options)
        self.p = p

    def forward(self, img: Any) -> Any:
        """As it was, or changed."""
        return self.changed(img) if _between(0, 1) < self.p else img

    def changed(self, img: Any) -> Any:
        """The image afterwards."""
        return img


class RandomHorizontalFlip(_Sometimes):
    """Left and right exchanged."""

    def changed(self, img: Any) -> Any:
        """See `functional`."""
        return functional.hflip(img)


class RandomVerticalFlip(_Sometimes):
    """Top and bottom exchanged."""

    def changed(self, img: Any) -> Any:
        """See `functional`."""
        return functional.vflip(img)


class RandomGrayscale(_Sometimes):
    """In grey, with as many channels as before."""

    def changed(self, img: Any) -> Any:
        """See `functional`."""
        return functional.rgb_to_grayscale(img, functional.values_of(img).shape[-3])


class RandomErasing(_Sometimes):
    """A black rectangle."""

    def changed(self, img: Any) -> Any:
        """A copy with the rectangle in it."""
        rows, columns = img.shape[-2:]
        height, width = max(1, rows // 4), max(1, columns // 4)
        top, left = _whole(0, rows - height), _whole(0, columns - width)
        erased = img.clone()
        erased[..., top : top + height, left : left + width] = 0
        return erased


class RandomRotation(_Transform):
    """Turned."""

    def __init__(self, degrees: Any, **options: Any) -> None:
        super().__init__(**options)
        self.degrees = (-degrees, degrees) if isinstance(degrees, (int, float)) else tuple(degrees)

    def forward(self, img: Any) -> Any:
        """See `functional`."""
        return functional.rotate(img, _between(*self.degrees))


class RandomAffine(RandomRotation):
    """Turned, moved and scaled."""

    def __init__(
        self, degrees: Any, translate: Sequence[float] | None = None, scale: Sequence[float] | None = None, *_: Any, **__: Any
    ) -> None:
        super().__init__(degrees)
        self.translate, self.scale = translate or (0.0, 0.0), scale or (1.0, 1.0)

    def forward(self, img: Any) -> Any:
        """See `functional`."""
        moved = [_between(-share, share) * size for share, size in zip(self.translate, functional.get_image_size(img))]
        return functional.affine(img, _between(*self.degrees), moved, _between(*self.scale))


class ColorJitter(_Transform):
    """Brighter, flatter, greyer, or the contrary."""

    def __init__(self, brightness: Any = 0, contrast: Any = 0, saturation: Any = 0, hue: Any = 0) -> None:
        super().__init__()
        self.ranges = [
            (max(0.0, 1 - value), 1 + value) if isinstance(value, (int, float)) else tuple(value)
            for value in (brightness, contrast, saturation)
        ]
        self.hue = hue

    def forward(self, img: Any) -> Any:
        """See `functional`; the hue stays."""
        for change, limits in zip((functional.adjust_brightness, functional.adjust_contrast, functional.adjust_saturation), self.ranges):
            if limits != (1.0, 1) and limits[0] != limits[1]:
                img = change(img, _between(*limits))
        return img


class RandomApply(_Transform):
    """All of them, with a probability."""

    def __init__(self, transforms: Sequence[Callable[..., Any]], p: float = 0.5) -> None:
        super().__init__()
        self.transforms, self.p = transforms, p

    def forward(self, img: Any) -> Any:
        """One after the other, or none."""
        return Compose(self.transforms)(img) if _between(0, 1) < self.p else img


class RandomChoice(RandomApply):
    """One of them."""

    def forward(self, img: Any) -> Any:
        """Whichever comes."""
        return self.transforms[_whole(0, len(self.transforms) - 1)](img)


class AutoAugment(_Transform):
    """Left out: the image stays as it is."""


RandAugment = TrivialAugmentWide = AugMix = GaussianBlur = RandomPerspective = RandomAdjustSharpness = RandomAutocontrast = AutoAugment
RandomEqualize = RandomPosterize = RandomSolarize = RandomInvert = ElasticTransform = AutoAugment
AutoAugmentPolicy = InterpolationMode
RandomSizedCrop = RandomResizedCrop
Scale = Resize
