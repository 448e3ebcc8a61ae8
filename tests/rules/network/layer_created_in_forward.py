# --- a convolution, a block of the program, a recurrent layer, through a method of the network
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3)

    def forward(self, x):
        return torch.relu(self.conv(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)

    def head(self, x):
        return nn.Linear(x.shape[1], 10)(x)  # expect: layer-created-in-forward

    def forward(self, x):
        x = nn.Conv2d(8, 8, 1)(self.stem(x))  # expect: layer-created-in-forward
        x = Block(8)(x)  # expect: layer-created-in-forward
        norm = nn.BatchNorm2d(8)  # expect: layer-created-in-forward
        x = norm(x)
        return self.head(x.flatten(1))
# --- built once: by a test, by an attribute, in a builder
from torch import nn


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = None

    def forward(self, x):
        if not hasattr(self, "proj"):
            self.proj = nn.Linear(x.shape[1], 8)
        if self.fc is None:
            self.fc = nn.Linear(8, 2)
        return self.fc(self.proj(x))


class Built(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(8, 8)

    def make_head(self, units):
        return nn.Linear(8, units)


built = Built()
head = built.make_head(10)
scores = head(built.stem.weight)
# --- a fixed filter, normalization without weights, activations and pooling
import torch
from torch import nn


class Edges(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Conv2d(1, 1, 1)

    def forward(self, x):
        sobel = nn.Conv2d(1, 1, 3, padding=1, bias=False)
        sobel.weight = nn.Parameter(torch.tensor([[[[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]]]), requires_grad=False)
        x = nn.functional.pad(sobel(x), (1, 1, 1, 1))
        return nn.Sigmoid()(nn.MaxPool2d(2)(nn.ReLU()(self.out(x))))
# --- networks built in functions and loops are no forward pass
from torch import nn


def experiment(width):
    net = nn.Sequential(nn.Linear(8, width), nn.ReLU(), nn.Linear(width, 2))
    return net(width)


for width in (8, 16):
    experiment(width)
