"""`torchvision.models`: the networks that most programs take, layer by layer as in their papers, never pretrained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ... import incidents


class BasicBlock(nn.Module):
    """Two convolutions and a way around them."""

    expansion = 1

    def __init__(self, inplanes: int, planes: int, stride: int = 1, downsample: nn.Module | None = None, **_: Any) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The sum of both ways."""
        identity = x if self.downsample is None else self.downsample(x)
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(out + identity)  # type: ignore[no-any-return]


class Bottleneck(nn.Module):
    """Three convolutions, the middle one of few channels, and a way around them."""

    expansion = 4

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        **_: Any,
    ) -> None:
        super().__init__()
        width = planes * base_width // 64 * groups
        self.conv1 = nn.Conv2d(inplanes, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The sum of both ways."""
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        return self.relu(self.bn3(self.conv3(out)) + identity)  # type: ignore[no-any-return]


class ResNet(nn.Module):
    """He et al. 2015, arXiv:1512.03385."""

    def __init__(
        self, block: type[Any], layers: list[int], num_classes: int = 1000, groups: int = 1, width_per_group: int = 64, **_: Any
    ) -> None:
        super().__init__()
        self.inplanes = 64
        self._widths = {"groups": groups, "base_width": width_per_group}
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = self._layer(block, 64, layers[0], 1)
        self.layer2 = self._layer(block, 128, layers[1], 2)
        self.layer3 = self._layer(block, 256, layers[2], 2)
        self.layer4 = self._layer(block, 512, layers[3], 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def _layer(self, block: type[Any], planes: int, blocks: int, stride: int) -> nn.Sequential:
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                nn.Conv2d(self.inplanes, planes * block.expansion, 1, stride, bias=False), nn.BatchNorm2d(planes * block.expansion)
            )
        made = [block(self.inplanes, planes, stride, downsample, **self._widths)]
        self.inplanes = planes * block.expansion
        made += [block(self.inplanes, planes, **self._widths) for _ in range(1, blocks)]
        return nn.Sequential(*made)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores of the classes."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))  # type: ignore[no-any-return]


class VGG(nn.Module):
    """Simonyan and Zisserman 2014, arXiv:1409.1556."""

    def __init__(self, features: nn.Module, num_classes: int = 1000, dropout: float = 0.5, **_: Any) -> None:
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(512 * 49, 4096), nn.ReLU(True), nn.Dropout(dropout),
            nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(dropout),
            nn.Linear(4096, num_classes),
        )  # fmt: skip
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                nn.init.constant_(module.bias, 0)  # type: ignore[arg-type]
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.constant_(module.bias, 0)  # type: ignore[arg-type]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores of the classes."""
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))  # type: ignore[no-any-return]


class AlexNet(nn.Module):
    """Krizhevsky 2014, arXiv:1404.5997."""

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5, **_: Any) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(3, 2),
        )  # fmt: skip
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(256 * 36, 4096), nn.ReLU(True),
            nn.Dropout(dropout), nn.Linear(4096, 4096), nn.ReLU(True),
            nn.Linear(4096, num_classes),
        )  # fmt: skip

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores of the classes."""
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))  # type: ignore[no-any-return]


class InvertedResidual(nn.Module):
    """Many channels between two ends of few."""

    def __init__(self, inp: int, oup: int, stride: int, expand_ratio: int) -> None:
        super().__init__()
        hidden = inp * expand_ratio
        self.use_res_connect = stride == 1 and inp == oup
        layers: list[nn.Module] = [_convolved(inp, hidden, 1)] if expand_ratio != 1 else []
        layers += [_convolved(hidden, hidden, 3, stride, hidden), nn.Conv2d(hidden, oup, 1, bias=False), nn.BatchNorm2d(oup)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """With the way around, where both ends are alike."""
        return x + self.conv(x) if self.use_res_connect else self.conv(x)  # type: ignore[no-any-return]


class MobileNetV2(nn.Module):
    """Sandler et al. 2018, arXiv:1801.04381."""

    _ROWS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))

    def __init__(self, num_classes: int = 1000, dropout: float = 0.2, **_: Any) -> None:
        super().__init__()
        layers: list[nn.Module] = [_convolved(3, 32, 3, 2)]
        channels = 32
        for expansion, wanted, count, stride in self._ROWS:
            for number in range(count):
                layers.append(InvertedResidual(channels, wanted, stride if number == 0 else 1, expansion))
                channels = wanted
        self.last_channel = 1280
        self.features = nn.Sequential(*layers, _convolved(channels, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(1280, num_classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores of the classes."""
        return self.classifier(self.features(x).mean((2, 3)))  # type: ignore[no-any-return]


def _convolved(inp: int, out: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inp, out, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(out), nn.ReLU6(inplace=True)
    )


_VGG = {
    "vgg11": "64 M 128 M 256 256 M 512 512 M 512 512 M",
    "vgg13": "64 64 M 128 128 M 256 256 M 512 512 M 512 512 M",
    "vgg16": "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M",
    "vgg19": "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M",
}


def _vgg(form: str, *, normalized: bool, **options: Any) -> VGG:
    layers: list[nn.Module] = []
    channels = 3
    for word in form.split():
        if word == "M":
            layers.append(nn.MaxPool2d(2, 2))
            continue
        layers.append(nn.Conv2d(channels, int(word), 3, padding=1))
        channels = int(word)
        layers += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)] if normalized else [nn.ReLU(inplace=True)]
    return VGG(nn.Sequential(*layers), **options)


_MAKERS: dict[str, Callable[..., nn.Module]] = {
    "resnet18": lambda **options: ResNet(BasicBlock, [2, 2, 2, 2], **options),
    "resnet34": lambda **options: ResNet(BasicBlock, [3, 4, 6, 3], **options),
    "resnet50": lambda **options: ResNet(Bottleneck, [3, 4, 6, 3], **options),
    "resnet101": lambda **options: ResNet(Bottleneck, [3, 4, 23, 3], **options),
    "resnet152": lambda **options: ResNet(Bottleneck, [3, 8, 36, 3], **options),
    "resnext50_32x4d": lambda **options: ResNet(Bottleneck, [3, 4, 6, 3], groups=32, width_per_group=4, **options),
    "wide_resnet50_2": lambda **options: ResNet(Bottleneck, [3, 4, 6, 3], width_per_group=128, **options),
    "alexnet": AlexNet,
    "mobilenet_v2": MobileNetV2,
    **{name: lambda form=form, **options: _vgg(form, normalized=False, **options) for name, form in _VGG.items()},
    **{f"{name}_bn": lambda form=form, **options: _vgg(form, normalized=True, **options) for name, form in _VGG.items()},
}


def _maker(name: str) -> Callable[..., nn.Module]:
    def make(pretrained: Any = False, *, weights: Any = None, progress: bool = True, **options: Any) -> nn.Module:  # noqa: ARG001, FBT002
        if pretrained or weights is not None:
            incidents.record("stand-in data", f"random weights in place of the pretrained ones of {name}")
        return _MAKERS[name](**options)

    make.__name__ = name
    return make


for _name in _MAKERS:
    globals()[_name] = _maker(_name)


class _Weights:
    """Stands for any set of pretrained weights."""

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


def __getattr__(name: str) -> Any:
    """Sets of weights by their name; networks that are not here are missing."""
    if name.endswith("_Weights"):
        return _Weights()
    raise AttributeError(f"trainlint's stand-in for torchvision has no network {name}")


def get_model(name: str, **options: Any) -> nn.Module:
    """A network by its name."""
    return globals()[name](**options)  # type: ignore[no-any-return]


def list_models(**_: Any) -> list[str]:
    """What there is."""
    return sorted(_MAKERS)
