# --- a comprehension, a tuple, a dict and a list that a helper fills
from torch import nn


def make(width):
    return nn.Sequential(nn.Linear(width, width), nn.ReLU())  # expect: unregistered-modules


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.towers = [nn.Linear(width, width) for _ in range(4)]  # expect: unregistered-modules
        self.pair = nn.Linear(width, 1), nn.Linear(width, 2)  # expect: unregistered-modules
        self.heads = dict(a=nn.Linear(width, 1), b=nn.Linear(width, 1))  # expect: unregistered-modules
        self.blocks = []
        self.fill(width)

    def fill(self, width):
        for _ in range(3):
            self.blocks.append(make(width))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.pair[0](x), [tower(x) for tower in self.towers], self.heads["a"](x)
# --- the optimizer gets what the network registers, which is nothing of the list
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2)]  # expect: unregistered-modules
        self.bias = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x + self.bias


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    loss = nn.functional.cross_entropy(net(torch.randn(4, 8)), torch.randint(0, 2, (4,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- registered later, or elsewhere as well
from torch import nn


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 8), nn.Linear(8, 8)]
        self.layers = nn.ModuleList(self.layers)


class Sequenced(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 8), nn.Linear(8, 8)]
        self.net = nn.Sequential(*self.layers)


class Added(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = []
        for i in range(3):
            layer = nn.Linear(8, 8)
            self.add_module(f"layer{i}", layer)
            self.layers.append(layer)


class Set(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 8), nn.Linear(8, 8)]
        for i, layer in enumerate(self.layers):
            setattr(self, "layer%d" % i, layer)


class Grouped(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(8, 8), nn.Linear(8, 8)
        self.layers = [self.first, self.second]
# --- the parameters of the layers themselves are asked for
import itertools

import torch
from torch import nn


class Ensemble(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.members = [nn.Linear(8, 2) for _ in range(size)]

    def forward(self, x):
        return [member(x) for member in self.members]


class Agents(nn.Module):
    def __init__(self):
        super().__init__()
        self.nets = [nn.Linear(8, 2), nn.Linear(8, 2)]
        self.optimizers = [torch.optim.Adam(net.parameters()) for net in self.nets]


ensemble = Ensemble(3)
opt = torch.optim.Adam(itertools.chain(*[member.parameters() for member in ensemble.members]))
# --- hidden on purpose, frozen, given from outside, or one chosen from a menu
import copy

import torchvision
from torch import nn


class Student(nn.Module):
    def __init__(self, teacher, experts):
        super().__init__()
        self.teacher = [teacher]
        self.reference = [copy.deepcopy(teacher)]
        self.experts = experts
        self.others = list(experts)
        self.net = nn.Linear(8, 2)


class Perceptual(nn.Module):
    def __init__(self):
        super().__init__()
        nets = [nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)]
        for net in nets:
            net.requires_grad_(False)
        self.nets = nets


class Chosen(nn.Module):
    def __init__(self, name="small"):
        super().__init__()
        menu = {"small": torchvision.models.resnet18(), "large": torchvision.models.resnet50()}
        self.menu = menu
        self.net = self.menu[name]


student = Student(nn.Linear(8, 2), [nn.Linear(8, 2), nn.Linear(8, 2)])
# --- a list without weights, and a class that is no network
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.activations = [nn.ReLU(), nn.Tanh()]
        self.sizes = [8, 8]


class Trainer:
    def __init__(self):
        self.nets = [nn.Linear(8, 8), nn.Linear(8, 1)]

# --- a menu of networks, of which the layers of one are registered
import torchvision.models as models
from torch import nn, optim


class Encoder(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.menu = {"resnet18": models.resnet18(), "resnet50": models.resnet50()}
        base = self.menu[name]
        self.features = nn.Sequential(*list(base.children())[:-1])

    def forward(self, x):
        return self.features(x)


def build(name):
    encoder = Encoder(name)
    return encoder, optim.SGD(encoder.parameters(), lr=0.1)
# --- convolution and normalization in a row, in a list that a loop fills
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64)):
        super().__init__()
        self.blocks = []
        last = 3
        for width in widths:
            self.blocks.append(nn.Sequential(nn.Conv2d(last, width, 3), nn.BatchNorm2d(width), nn.ReLU()))  # expect: unregistered-modules
            last = width
        self.head = nn.Linear(last, 5)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for images, labels in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(images), labels).backward()
    optimizer.step()
