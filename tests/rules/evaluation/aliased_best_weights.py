# --- kept as an attribute, saved at the end
import torch
from torch import nn


class Trainer:
    def __init__(self, net):
        self.net, self.best = net, None
        self.opt = torch.optim.Adam(net.parameters())

    def fit(self, batches):
        for epoch in range(10):
            for x, y in batches:
                self.opt.zero_grad()
                nn.functional.mse_loss(self.net(x), y).backward()
                self.opt.step()
            if improved:
                self.best = self.net.state_dict()  # expect: aliased-best-weights
        torch.save(self.best, "best.pt")


Trainer(nn.Linear(4, 1)).fit(torch.utils.data.DataLoader([]))
# --- in a dict that is saved later
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
kept = {"model": net.state_dict()}  # expect: aliased-best-weights
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
torch.save(kept, "first.pt")
# --- a shallow copy
import copy

import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
best = copy.copy(net.state_dict())  # expect: aliased-best-weights
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
net.load_state_dict(best)
# --- copies
import copy

import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
one = copy.deepcopy(net.state_dict())
two = {k: v.clone() for k, v in net.state_dict().items()}
three = copy.deepcopy(net)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
net.load_state_dict(one)
net.load_state_dict(two)
net.load_state_dict(three.state_dict())
# --- saved at once, and loaded at once
import torch
from torch import nn

net, target = nn.Linear(4, 1), nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), target(y)).backward()
    opt.step()
    target.load_state_dict(net.state_dict())
    torch.save({"net": net.state_dict(), "opt": opt.state_dict()}, "last.pt")
# --- of a network that is not trained
import torch
from torch import nn

net, teacher = nn.Linear(4, 1), nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
start = teacher.state_dict()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), teacher(x).detach()).backward()
    opt.step()
torch.save(start, "teacher.pt")
# --- of a network that a constructor out of sight makes
import torch
from torch import nn


class Fit:
    def __init__(self, make):
        self.model = make(3)
        self.opt = torch.optim.Adam(self.model.parameters())

    def train(self, train_loader, valid_loader, epochs):
        best, kept = float("inf"), None
        for epoch in range(epochs):
            for x, y in train_loader:
                loss = nn.functional.mse_loss(self.model(x), y)
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
            if (now := score(self.model, valid_loader)) < best:
                best, kept = now, self.model.state_dict()  # expect: aliased-best-weights
        self.model.load_state_dict(kept)
