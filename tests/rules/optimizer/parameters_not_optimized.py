# --- the head is replaced too late, in three ways
import torch
from torch import nn
from torchvision import models


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 8), nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.body(x))


one, two = Net(), models.vgg16(weights="DEFAULT")
three = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 10))
a, b, c = (torch.optim.Adam(net.parameters(), lr=1e-4) for net in (one, two, three))
one.head = nn.Linear(8, 2)  # expect: parameters-not-optimized
three[-1] = nn.Linear(8, 2)  # expect: parameters-not-optimized
for x, y in torch.utils.data.DataLoader([]):
    for opt in (a, c):
        opt.zero_grad()
    nn.functional.cross_entropy(one(x) + three(x), y).backward()
    for opt in (a, c):
        opt.step()
# --- replaced first, or given to the optimizer afterwards
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 8), nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.body(x))


one, two, three = Net(), Net(), Net()
one.head = nn.Linear(8, 2)
a = torch.optim.Adam(one.parameters(), lr=1e-4)
b = torch.optim.Adam(two.parameters(), lr=1e-4)
two.head = nn.Linear(8, 2)
b.add_param_group({"params": two.head.parameters()})
c = torch.optim.Adam(three.parameters(), lr=1e-4)
three.head = nn.Linear(8, 2)
c = torch.optim.Adam(three.parameters(), lr=1e-4)
for x, y in torch.utils.data.DataLoader([]):
    for opt in (a, b, c):
        opt.zero_grad()
    nn.functional.cross_entropy(one(x) + two(x) + three(x), y).backward()
    for opt in (a, b, c):
        opt.step()
# --- one of two networks, and a loss with weights of its own
import torch
from torch import nn


class Margin(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(10, 8))

    def forward(self, x, y):
        return nn.functional.cross_entropy(x @ self.weight.t(), y)


body, neck, margin = nn.Linear(4, 8), nn.Linear(8, 8), Margin()
opt = torch.optim.SGD(body.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    features = neck(body(x))  # expect: parameters-not-optimized
    margin(features, y).backward()  # expect: parameters-not-optimized
    opt.step()
# --- the parameters of one network twice
import itertools

import torch
from torch import nn

one, two = nn.Linear(4, 8), nn.Linear(8, 2)
opt = torch.optim.Adam(list(one.parameters()) + list(one.parameters()))  # expect: parameters-not-optimized
other = torch.optim.Adam(list(one.parameters()) + list(two.parameters()))
# --- frozen, loaded, pretrained, without gradients, in evaluation mode
import torch
from torch import nn
from torchvision import models

frozen, loaded, pretrained, quiet = nn.Linear(4, 8), nn.Linear(4, 8), models.resnet18(weights="DEFAULT"), nn.Linear(4, 8)
teacher, head = nn.Linear(4, 8), nn.Linear(8, 2)
frozen.requires_grad_(False)
loaded.load_state_dict(torch.load("loaded.pt"))
teacher.eval()
opt = torch.optim.Adam(head.parameters())
for x, y in torch.utils.data.DataLoader([]):
    with torch.no_grad():
        still = quiet(x)
    opt.zero_grad()
    nn.functional.cross_entropy(head(frozen(x) + loaded(x) + pretrained(x) + still + teacher(x)), y).backward()
    opt.step()
# --- adversaries, each with an optimizer of its own
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
for x in torch.utils.data.DataLoader([]):
    opt_d.zero_grad()
    disc(gen(x).detach()).mean().backward()
    opt_d.step()
    opt_g.zero_grad()
    (-disc(gen(x)).mean()).backward()
    opt_g.step()
# --- an optimizer that could not be read may hold it
import torch
from elsewhere import build_optimizer
from torch import nn

body, head = nn.Linear(4, 8), nn.Linear(8, 2)
opt, more = torch.optim.Adam(head.parameters()), build_optimizer(settings, [body])
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.cross_entropy(head(body(x)), y).backward()
    opt.step()
    more.step()
# --- several networks moved at once
import torch
from torch import nn

one, two = nn.Linear(4, 8), nn.Linear(8, 2)
one, two = map(lambda net: net.to("cuda"), (one, two))
opt = torch.optim.Adam(list(one.parameters()) + list(two.parameters()))
# --- targets and features that are detached
import copy

import torch
from torch import nn

actor, critic, body = nn.Linear(4, 4), nn.Linear(4, 1), nn.Linear(4, 4)
target = copy.deepcopy(actor)
opt = torch.optim.Adam([*actor.parameters(), *critic.parameters()])
for x, y in torch.utils.data.DataLoader([]):
    wanted = (y + 0.9 * critic(target(x))).detach()
    opt.zero_grad()
    nn.functional.mse_loss(critic(actor(x) + body(x).detach()), wanted).backward()
    opt.step()
