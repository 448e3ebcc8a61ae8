"""Images between what a dataset gives and what a network takes: PIL's where it is there, else a small one of ours."""

from __future__ import annotations

from typing import Any

import torch

_pil: Any
try:
    from PIL import Image as _pil  # noqa: N813 - a module
except ImportError:
    _pil = None

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class Picture:
    """An image in the manner of PIL: `size` is width and height, values are 0 to 255."""

    def __init__(self, values: torch.Tensor) -> None:
        self.values = values
        """Bytes: channels, height, width."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.values.shape[2], self.values.shape[1]

    @property
    def width(self) -> int:
        """In pixels."""
        return self.values.shape[2]

    @property
    def height(self) -> int:
        """In pixels."""
        return self.values.shape[1]

    @property
    def mode(self) -> str:
        """As PIL names it."""
        return _MODES[self.values.shape[0]]

    def convert(self, mode: str) -> Picture:
        """In grey or in colours."""
        values = self.values
        if mode == "RGB" and values.shape[0] != 3:
            return Picture(values[:1].expand(3, -1, -1).clone() if values.shape[0] == 1 else values[:3])
        if mode == "L" and values.shape[0] != 1:
            return Picture(grey(values))
        return self

    def resize(self, size: Any, *_: Any, **__: Any) -> Picture:
        """To a width and a height."""
        return Picture(resized(self.values, (size[1], size[0])))

    def copy(self) -> Picture:
        """Another one with the same values."""
        return Picture(self.values.clone())

    def tobytes(self) -> bytes:
        """Row by row, the channels of a pixel together."""
        return bytes(self.values.permute(1, 2, 0).contiguous().view(-1).tolist())

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        values = self.values.permute(1, 2, 0).contiguous()
        array = (values[:, :, 0] if values.shape[2] == 1 else values).numpy()
        return array if dtype is None else array.astype(dtype)


def image(values: torch.Tensor) -> Any:
    """An image of bytes in channels, height, width."""
    if _pil is None:
        return Picture(values)
    mode = _MODES[values.shape[0]]
    return _pil.frombytes(mode, (values.shape[2], values.shape[1]), Picture(values).tobytes())


def is_image(value: Any) -> bool:
    """Whether it is one of PIL's or ours."""
    return isinstance(value, Picture) or (_pil is not None and isinstance(value, _pil.Image))


def values_of(value: Any) -> torch.Tensor:
    """Bytes or numbers in channels, height, width."""
    if isinstance(value, Picture):
        return value.values
    if isinstance(value, torch.Tensor):
        return value if value.dim() > 2 else value[None]
    if is_image(value):
        channels = len(value.getbands())
        flat = torch.frombuffer(bytearray(value.tobytes()), dtype=torch.uint8)
        return flat.view(value.size[1], value.size[0], channels).permute(2, 0, 1).contiguous()
    tensor = torch.as_tensor(value)  # an array in height, width, channels
    return (tensor[None] if tensor.dim() == 2 else tensor.permute(2, 0, 1)).contiguous()


def like(values: torch.Tensor, model: Any) -> Any:
    """The values as what `model` is: an image or a tensor."""
    return values if isinstance(model, torch.Tensor) else image(values)


def grey(values: torch.Tensor) -> torch.Tensor:
    """One channel, weighted as the eye does (ITU-R 601)."""
    if values.shape[-3] == 1:
        return values
    weights = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)
    mixed = (values[..., :3, :, :].float() * weights).sum(-3, keepdim=True)
    return mixed.round().to(values.dtype) if values.dtype == torch.uint8 else mixed.to(values.dtype)


def resized(values: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """To a height and a width, smoothly."""
    flat = values.float().reshape(-1, *values.shape[-3:])
    scaled = torch.nn.functional.interpolate(flat, size=size, mode="bilinear", align_corners=False, antialias=True)
    scaled = scaled.reshape(*values.shape[:-2], *size)
    return scaled.round().clamp(0, 255).to(torch.uint8) if values.dtype == torch.uint8 else scaled.to(values.dtype)
