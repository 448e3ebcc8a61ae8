# --- by value, by module attribute, in a helper
import torch
from torch import nn


def clip(net):
    nn.utils.clip_grad_value_(net.parameters(), clip_value=0.5)  # expect: clip-after-step


net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    net(torch.randn(8, 4)).pow(2).mean().backward()
    opt.step()
    clip(net)
# --- cleared before the clip as well
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    net(torch.randn(8, 4)).pow(2).mean().backward()
    opt.step()
    opt.zero_grad()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)  # expect: clip-after-step
# --- in a trainer class
import torch
from torch import nn


class Trainer:
    def __init__(self, net, limit=1.0):
        self.net, self.limit = net, limit
        self.opt = torch.optim.Adam(net.parameters())

    def update(self, x):
        self.opt.zero_grad()
        self.net(x).pow(2).mean().backward()
        self.opt.step()
        if self.limit is not None:
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.limit)  # expect: clip-after-step

    def run(self):
        for _ in range(5):
            self.update(torch.randn(8, 4))


Trainer(nn.Linear(4, 1)).run()
# --- in a function that nobody calls
from torch.nn.utils import clip_grad_norm_


def train(net, opt, batches, criterion):
    net.train()
    for x, y in batches:
        opt.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        opt.step()
        clip_grad_norm_(net.parameters(), 5)  # expect: clip-after-step
# --- two networks: the other one stepped
import torch
from torch import nn

encoder, critic = nn.Linear(4, 4), nn.Linear(4, 1)
a, b = torch.optim.Adam(encoder.parameters()), torch.optim.Adam(critic.parameters())
for _ in range(5):
    x = torch.randn(8, 4)
    a.zero_grad()
    b.zero_grad()
    (encoder(x).pow(2).mean() + critic(x).mean()).backward()
    a.step()
    nn.utils.clip_grad_norm_(critic.parameters(), 1.0)
    b.step()
# --- a second backward pass in between
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    net(torch.randn(8, 4)).mean().backward()
    opt.step()
    opt.zero_grad()
    net(torch.rand(8, 4)).mean().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
# --- the norm is measured
import math

import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    net(torch.randn(8, 4)).mean().backward()
    opt.step()
    norm = nn.utils.clip_grad_norm_(net.parameters(), math.inf)
    print(norm, nn.utils.clip_grad_norm_(net.parameters(), float("inf")))
# --- the step is on one side of a branch, the clip on the other
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for i in range(50):
    net(torch.randn(8, 4)).mean().backward()
    if i % 4 == 0:
        opt.step()
        opt.zero_grad()
    else:
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
