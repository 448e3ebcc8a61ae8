"""`torchvision.transforms.functional`: what is done to one image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from .pictures import grey, image, like, resized, values_of


def to_tensor(pic: Any) -> torch.Tensor:
    """Numbers from 0 to 1, channels first; what are no bytes is left as it is."""
    values = values_of(pic)
    return values.float().div(255) if values.dtype == torch.uint8 else values


def pil_to_tensor(pic: Any) -> torch.Tensor:
    """Bytes, channels first."""
    return values_of(pic)


to_image = pil_to_tensor


def to_pil_image(pic: Any, mode: str | None = None) -> Any:  # noqa: ARG001
    """An image of bytes."""
    values = values_of(pic)
    return image(values if values.dtype == torch.uint8 else values.mul(255).clamp(0, 255).to(torch.uint8))


def convert_image_dtype(img: torch.Tensor, dtype: torch.dtype = torch.float) -> torch.Tensor:
    """Bytes to numbers from 0 to 1 and back."""
    if img.dtype == torch.uint8 and dtype.is_floating_point:
        return img.to(dtype).div(255)
    if img.is_floating_point() and dtype == torch.uint8:
        return img.mul(255).clamp(0, 255).to(dtype)
    return img.to(dtype)


def to_dtype(img: torch.Tensor, dtype: torch.dtype = torch.float, scale: bool = False) -> torch.Tensor:  # noqa: FBT002
    """Another kind of numbers; the range changes where `scale` says so."""
    return convert_image_dtype(img, dtype) if scale else img.to(dtype)


def normalize(tensor: torch.Tensor, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> torch.Tensor:  # noqa: FBT002
    """Less the mean, over the standard deviation, for each channel."""
    if not tensor.is_floating_point():
        raise TypeError(f"Input tensor should be a float tensor. Got {tensor.dtype}.")
    shape = (-1, 1, 1)
    centre, spread = (torch.as_tensor(value, dtype=tensor.dtype, device=tensor.device).view(shape) for value in (mean, std))
    return tensor.sub_(centre).div_(spread) if inplace else (tensor - centre) / spread


def resize(img: Any, size: Any, *_: Any, **__: Any) -> Any:
    """To a size; one number is that of the shorter side."""
    values = values_of(img)
    height, width = values.shape[-2:]
    sizes = [size] if isinstance(size, int) else list(size)
    if len(sizes) == 1:
        factor = sizes[0] / min(height, width)
        sizes = [sizes[0], int(width * factor)] if height <= width else [int(height * factor), sizes[0]]
    return like(resized(values, (sizes[0], sizes[1])), img)


def pad(img: Any, padding: Any, fill: float = 0, padding_mode: str = "constant") -> Any:
    """More on every side: left and right, top and bottom, or left, top, right and bottom."""
    sides = [padding] if isinstance(padding, int) else list(padding)
    left, top, right, bottom = sides * 4 if len(sides) == 1 else sides * 2 if len(sides) == 2 else sides
    values = values_of(img)
    mode = {"edge": "replicate", "symmetric": "reflect"}.get(padding_mode, padding_mode)
    if mode == "constant":
        padded = torch.nn.functional.pad(values, (left, right, top, bottom), value=fill)
    else:
        padded = torch.nn.functional.pad(values[None].float(), (left, right, top, bottom), mode=mode)[0].to(values.dtype)
    return like(padded, img)


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """A part; what lies outside is black."""
    values = values_of(img)
    rows, columns = values.shape[-2:]
    around = max(0, -top, -left, top + height - rows, left + width - columns)
    if around:
        values = torch.nn.functional.pad(values, (around,) * 4)
        top, left = top + around, left + around
    return like(values[..., top : top + height, left : left + width], img)


def center_crop(img: Any, output_size: Any) -> Any:
    """The part in the middle."""
    height, width = pair(output_size)
    rows, columns = values_of(img).shape[-2:]
    return crop(img, round((rows - height) / 2), round((columns - width) / 2), height, width)


def resized_crop(img: Any, top: int, left: int, height: int, width: int, size: Any, *_: Any, **__: Any) -> Any:
    """A part, to a size."""
    return resize(crop(img, top, left, height, width), list(pair(size)))


def hflip(img: Any) -> Any:
    """Left and right exchanged."""
    return like(values_of(img).flip(-1), img)


def vflip(img: Any) -> Any:
    """Top and bottom exchanged."""
    return like(values_of(img).flip(-2), img)


def rotate(img: Any, angle: float, *_: Any, **__: Any) -> Any:
    """Turned about its middle, black where there was nothing."""
    return affine(img, -angle, (0, 0), 1.0)


def affine(img: Any, angle: float, translate: Sequence[float], scale: float, shear: Any = 0.0, *_: Any, **__: Any) -> Any:  # noqa: ARG001
    """Turned, moved by pixels and scaled."""
    values = values_of(img)
    rows, columns = values.shape[-2:]
    turn = math.radians(angle)
    cos, sin = math.cos(turn) / scale, math.sin(turn) / scale
    matrix = torch.tensor(
        [[cos, sin * rows / columns, -2 * translate[0] / columns], [-sin * columns / rows, cos, -2 * translate[1] / rows]],
    )[None]
    flat = values.float().reshape(1, -1, rows, columns)
    grid = torch.nn.functional.affine_grid(matrix, list(flat.shape), align_corners=False)
    turned = torch.nn.functional.grid_sample(flat, grid, align_corners=False).reshape(values.shape)
    return like(turned.round().to(torch.uint8) if values.dtype == torch.uint8 else turned, img)


def adjust_brightness(img: Any, brightness_factor: float) -> Any:
    """All values, times a factor."""
    return _blend(img, torch.zeros_like(values_of(img), dtype=torch.float), brightness_factor)


def adjust_contrast(img: Any, contrast_factor: float) -> Any:
    """Further from the mean, or nearer to it."""
    values = values_of(img)
    return _blend(img, grey(values).float().mean().expand(values.shape), contrast_factor)


def adjust_saturation(img: Any, saturation_factor: float) -> Any:
    """Further from grey, or nearer to it."""
    values = values_of(img)
    return _blend(img, grey(values).float().expand(values.shape), saturation_factor)


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """In grey."""
    values = grey(values_of(img))
    return like(values.expand(num_output_channels, -1, -1).clone() if num_output_channels > 1 else values, img)


to_grayscale = rgb_to_grayscale


def pair(size: Any) -> tuple[int, int]:
    """Height and width."""
    if isinstance(size, int):
        return size, size
    return (size[0], size[0]) if len(size) == 1 else (size[0], size[1])


def get_image_size(img: Any) -> list[int]:
    """Width and height."""
    rows, columns = values_of(img).shape[-2:]
    return [columns, rows]


def _blend(img: Any, other: torch.Tensor, factor: float) -> Any:
    values = values_of(img)
    mixed = values.float() * factor + other * (1 - factor)
    if values.dtype == torch.uint8:
        return like(mixed.clamp(0, 255).to(torch.uint8), img)
    return mixed.clamp(0, 1).to(values.dtype)
