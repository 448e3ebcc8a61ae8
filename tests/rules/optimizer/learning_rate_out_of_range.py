# --- by position, from a setting, in a class
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=5.0)
args = parser.parse_args()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.fc = nn.Linear(4, 8), nn.Linear(8, 1)

    def forward(self, x):
        return self.fc(self.body(x))


net = Net()
a = torch.optim.Adam(net.parameters(), 0.5)  # expect: learning-rate-out-of-range
b = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=0.9)  # expect: learning-rate-out-of-range
c = torch.optim.RMSprop(net.parameters(), lr=-1e-3)  # expect: learning-rate-out-of-range
d = torch.optim.AdamW(net.parameters(), lr=1e-12)  # expect: learning-rate-out-of-range
# --- ordinary ones
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
for opt in (
    torch.optim.SGD(net.parameters(), lr=1.0),
    torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9),
    torch.optim.Adam(net.parameters(), lr=0.03),
    torch.optim.AdamW(net.parameters(), lr=1e-6),
    torch.optim.Adagrad(net.parameters(), lr=1.0),
    torch.optim.Adadelta(net.parameters(), lr=1.0),
    torch.optim.LBFGS(net.parameters(), lr=1.0),
    torch.optim.Adam(net.parameters()),
):
    print(opt)
# --- what a schedule sets
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, OneCycleLR, StepLR

net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
one = torch.optim.Adam(net.parameters(), lr=1.0)
LambdaLR(one, lambda step: 1e-3)
two = torch.optim.SGD(net.parameters(), lr=1e-9)
OneCycleLR(two, max_lr=0.1, total_steps=100)
three = torch.optim.Adam(net.parameters(), lr=0.0)
for group in three.param_groups:
    group["lr"] = 1e-3
four = torch.optim.Adam(net.parameters(), lr=0.5)  # expect: learning-rate-out-of-range
StepLR(four, 10)
# --- no network is optimized
import torch
from torch import nn


class Picture(nn.Module):
    def __init__(self):
        super().__init__()
        self.pixels = nn.Parameter(torch.rand(3, 64, 64))

    def forward(self):
        return self.pixels


picture, latent = Picture(), torch.randn(1, 512, requires_grad=True)
a = torch.optim.Adam(picture.parameters(), lr=0.5)
b = torch.optim.Adam([latent], lr=0.5)
# --- a linear model bears long steps
import torch
from torch import nn

probe = nn.Linear(512, 10)
opt = torch.optim.Adam(probe.parameters(), lr=0.2)
# --- a default that is meant for another choice
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=20.0)
parser.add_argument("--adam", action="store_true")
args = parser.parse_args()
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
if args.adam:
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
