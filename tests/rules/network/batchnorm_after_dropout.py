# --- directly, and through an activation, pooling and flatten
import torch
from torch import nn

net = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.Dropout(0.2),
    nn.BatchNorm2d(8),  # expect: batchnorm-after-dropout
    nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.Dropout2d(0.2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.BatchNorm1d(8 * 16),  # expect: batchnorm-after-dropout
    nn.Linear(8 * 16, 2),
)
opt = torch.optim.Adam(net.parameters())
for _ in range(3):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(4, 3, 8, 8)), torch.randint(0, 2, (4,))).backward()
    opt.step()
# --- the usual order: norm, activation, dropout
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
for _ in range(3):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
    opt.step()
# --- a weighted layer stands between
import torch
from torch import nn

net = nn.Sequential(
    nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2)
)
opt = torch.optim.Adam(net.parameters())
for _ in range(3):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
    opt.step()
# --- the wide residual block
import torch
from torch import nn
from torch.nn import functional as F


class WideBlock(nn.Module):
    def __init__(self, planes, p):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(planes), nn.Conv2d(planes, planes, 3, padding=1)
        self.bn2, self.conv2 = nn.BatchNorm2d(planes), nn.Conv2d(planes, planes, 3, padding=1)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        h = self.conv1(F.relu(self.bn1(x)))
        h = self.conv2(self.drop(F.relu(self.bn2(h))))
        return x + h


net = nn.Sequential(nn.Conv2d(3, 8, 1), WideBlock(8, 0.3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
loss = F.cross_entropy(net(torch.randn(4, 3, 8, 8)), torch.randint(0, 2, (4,)))
loss.backward()
# --- in forward, with functions between the attributes
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 16)
        self.drop = nn.Dropout(p=0.25)
        self.norm = nn.BatchNorm1d(16)  # expect: batchnorm-after-dropout
        self.fc2 = nn.Linear(16, 2)

    def forward(self, x):
        x = self.drop(self.fc1(x))
        x = F.leaky_relu(x).view(x.size(0), -1)
        return self.fc2(self.norm(x))


F.cross_entropy(Net()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- F.dropout before the norm
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, 8, 3, padding=1)
        self.bn = nn.BatchNorm1d(8)  # expect: batchnorm-after-dropout
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x = F.dropout(torch.relu(self.conv(x)), p=0.2, training=self.training)
        return self.fc(self.bn(x).mean(-1))


F.cross_entropy(Net()(torch.randn(4, 4, 10)), torch.randint(0, 2, (4,))).backward()
# --- across modules: one ends with dropout, the next begins with the norm
import torch
from torch import nn


class Reduce(nn.Module):
    def __init__(self, a, b, p=0.1):
        super().__init__()
        self.lin, self.act, self.drop = nn.Linear(a, b), nn.ReLU(), nn.Dropout(p)

    def forward(self, x):
        return self.drop(self.act(self.lin(x)))


class Classify(nn.Module):
    def __init__(self, width, n):
        super().__init__()
        self.norm = nn.BatchNorm1d(width)  # expect: batchnorm-after-dropout
        self.out = nn.Linear(width, n)

    def forward(self, x):
        return self.out(self.norm(x))


net = nn.Sequential(Reduce(8, 16), nn.Identity(), Classify(16, 2))
nn.functional.cross_entropy(net(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- layers collected in a list, in a loop
import torch
from torch import nn


def mlp(sizes, n_out, p=0.5):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers.append(nn.Linear(a, b))
        layers.append(nn.ReLU())
        layers.append(nn.Dropout(p))
        layers.append(nn.BatchNorm1d(b))  # expect: batchnorm-after-dropout
    layers.append(nn.Linear(sizes[-1], n_out))
    return nn.Sequential(*layers)


nn.functional.cross_entropy(mlp([8, 32, 16], 2)(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- dropout with probability zero
import torch
from torch import nn

DROPOUT = 0.0
net = nn.Sequential(nn.Linear(8, 16), nn.Dropout(p=DROPOUT), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
nn.functional.cross_entropy(net(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- the probability comes from a config, once zero and once not
import torch
from torch import nn
from dataclasses import dataclass


@dataclass
class Config:
    width: int = 16
    dropout: float = 0.0


class Quiet(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, cfg.width), nn.Dropout(cfg.dropout), nn.BatchNorm1d(cfg.width))
        self.out = nn.Linear(cfg.width, 2)

    def forward(self, x):
        return self.out(self.body(x))


class Loud(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.drop = nn.Dropout(cfg["dropout"])
        self.norm = nn.BatchNorm1d(cfg["width"])  # expect: batchnorm-after-dropout
        self.enter, self.out = nn.Linear(8, cfg["width"]), nn.Linear(cfg["width"], 2)

    def forward(self, x):
        return self.out(self.norm(self.drop(self.enter(x))))


x, y = torch.randn(4, 8), torch.randint(0, 2, (4,))
nn.functional.cross_entropy(Quiet(Config())(x), y).backward()
nn.functional.cross_entropy(Loud({"width": 16, "dropout": 0.4})(x), y).backward()
# --- norms that look at one sample are no batch norms
import torch
from torch import nn

net = nn.Sequential(
    nn.Conv2d(3, 8, 3), nn.Dropout(0.2), nn.GroupNorm(2, 8), nn.ReLU(),
    nn.Conv2d(8, 8, 3), nn.Dropout2d(0.2), nn.InstanceNorm2d(8), nn.ReLU(),
    nn.Flatten(), nn.Dropout(0.2), nn.LayerNorm(8 * 16), nn.Linear(8 * 16, 2),
)
nn.functional.cross_entropy(net(torch.randn(4, 3, 8, 8)), torch.randint(0, 2, (4,))).backward()
# --- parallel branches
import torch
from torch import nn


class TwoWays(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 16)
        self.drop = nn.Dropout(0.5)
        self.norm = nn.BatchNorm1d(16)
        self.a, self.b = nn.Linear(16, 2), nn.Linear(16, 2)

    def forward(self, x):
        h = torch.relu(self.lin(x))
        return self.a(self.drop(h)) + self.b(self.norm(h))


nn.functional.cross_entropy(TwoWays()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- constructed side by side, used the right way round
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 16)
        self.dropout = nn.Dropout(0.3)
        self.batchnorm = nn.BatchNorm1d(16)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        return self.out(self.dropout(torch.relu(self.batchnorm(self.lin(x)))))


nn.functional.cross_entropy(Net()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- names that mislead
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 16)
        self.dropout = nn.Identity()
        self.bn = nn.BatchNorm1d(16)
        self.first, self.second = nn.Dropout(0.3), nn.LayerNorm(16)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        x = self.bn(self.dropout(self.lin(x)))
        return self.out(self.second(self.first(torch.relu(x))))


nn.functional.cross_entropy(Net()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- names that mislead the other way, and other import spellings
import torch
import torch.nn
from torch.nn import Dropout as Noise
from torch.nn.modules import BatchNorm1d as Scale


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(8, 16)
        self.b = Noise(0.2)
        self.c = Scale(16)  # expect: batchnorm-after-dropout
        self.d = torch.nn.Linear(16, 2)

    def forward(self, x):
        for step in (self.a, self.b, self.c, self.d):
            x = step(x)
        return x


torch.nn.functional.cross_entropy(Net()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- a default argument and a subclass of Sequential
import torch
from torch import nn


class DropNorm(nn.Sequential):
    def __init__(self, width, p=0.2):
        super().__init__(
            nn.Dropout(p),
            nn.BatchNorm2d(width),  # expect: batchnorm-after-dropout
        )


net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), DropNorm(8), nn.Conv2d(8, 2, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
nn.functional.cross_entropy(net(torch.randn(4, 3, 8, 8)), torch.randint(0, 2, (4,))).backward()
# --- the dropout is switched off where the norm follows
import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin, self.bn, self.out = nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Linear(16, 2)

    def forward(self, x):
        x = F.dropout(self.lin(x), 0.0, self.training)
        x = self.bn(F.dropout(x, 0.5, training=False))
        return self.out(F.dropout(x, 0.5, self.training))


F.cross_entropy(Net()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- an unseen layer between may be weighted
import torch
from project.layers import Mix
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.5), Mix(16), nn.BatchNorm1d(16), nn.Linear(16, 2))
nn.functional.cross_entropy(net(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
# --- a recurrent layer's dropout and a norm behind a projection
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop, self.emb = nn.Dropout(0.3), nn.Embedding(20, 8)
        self.rnn = nn.GRU(8, 8, num_layers=2, dropout=0.3, batch_first=True)
        self.bn, self.out = nn.BatchNorm1d(8), nn.Linear(8, 2)

    def forward(self, ids):
        states, _ = self.rnn(self.drop(self.emb(ids)))
        return self.out(self.bn(states[:, -1]))


nn.functional.cross_entropy(Net()(torch.randint(0, 20, (4, 6))), torch.randint(0, 2, (4,))).backward()
# --- one norm in two places, the second behind the dropout
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter, self.out = nn.Linear(8, 16), nn.Linear(16, 2)
        self.drop = nn.Dropout(0.3)
        self.norm = nn.BatchNorm1d(16)  # expect: batchnorm-after-dropout

    def forward(self, x):
        h = torch.relu(self.norm(self.enter(x)))
        return self.out(self.norm(self.drop(h)))


nn.functional.cross_entropy(Net()(torch.randn(4, 8)), torch.randint(0, 2, (4,))).backward()
