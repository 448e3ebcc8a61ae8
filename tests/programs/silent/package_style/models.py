"""Network definitions and a small registry."""
import torch.nn as nn

_REGISTRY = {}


def register(fn):
    _REGISTRY[fn.__name__] = fn
    return fn


def create_model(name, **kwargs):
    if name not in _REGISTRY:
        raise KeyError(f"unknown model {name!r}, known: {sorted(_REGISTRY)}")
    return _REGISTRY[name](**kwargs)


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Identity()
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return self.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, depths, width, num_classes, drop=0.0):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True))
        stages, cin = [], width
        for i, depth in enumerate(depths):
            cout = width * 2 ** i
            for j in range(depth):
                stages.append(BasicBlock(cin, cout, stride=2 if i and not j else 1))
                cin = cout
        self.stages = nn.Sequential(*stages)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(drop)
        self.fc = nn.Linear(cin, num_classes)

    def forward(self, x):
        x = self.pool(self.stages(self.stem(x))).flatten(1)
        return self.fc(self.drop(x))


@register
def resnet_tiny(num_classes=10, drop=0.1):
    return ResNet((1, 1), 8, num_classes, drop)


@register
def resnet_small(num_classes=10, drop=0.2):
    return ResNet((2, 2, 2), 16, num_classes, drop)
