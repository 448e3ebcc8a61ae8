"""As much of torchvision as most training programs use: the same shapes, value ranges and networks; the data are made up."""

from . import datasets, functional, models, transforms, utils

__version__ = "0.0+standin"
__all__ = ["datasets", "functional", "models", "transforms", "utils"]
