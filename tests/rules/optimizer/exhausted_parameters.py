# --- filtered once, used twice
import torch
from torch import nn

net = nn.Linear(4, 1)
trained = filter(lambda p: p.requires_grad, net.parameters())
opt = torch.optim.Adam(trained)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    nn.utils.clip_grad_norm_(trained, 1.0)  # expect: exhausted-parameters
    opt.step()
# --- a chain kept as an attribute
import itertools

import torch
from torch import nn


class Agent:
    def __init__(self):
        self.actor, self.critic = nn.Linear(4, 2), nn.Linear(4, 1)
        self.params = itertools.chain(self.actor.parameters(), self.critic.parameters())
        self.opt = torch.optim.Adam(self.params)

    def learn(self, x):
        self.opt.zero_grad()
        (self.actor(x).mean() + self.critic(x).mean()).backward()
        torch.nn.utils.clip_grad_norm_(self.params, 0.5)  # expect: exhausted-parameters
        self.opt.step()


agent = Agent()
for _ in range(5):
    agent.learn(torch.randn(8, 4))
# --- counted first
import torch
from torch import nn

net = nn.Linear(4, 1)
params = net.parameters()
print(sum(p.numel() for p in params))
for p in params:  # expect: exhausted-parameters
    p.requires_grad = False
# --- one loop inside of another
from torch import nn

net = nn.Linear(4, 1)
params = net.parameters()
for epoch in range(3):
    for p in params:  # expect: exhausted-parameters
        p.data.clamp_(-1, 1)
# --- asked for anew
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for epoch in range(3):
    opt.zero_grad()
    net(torch.randn(8, 4)).mean().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    for p in net.parameters():
        p.data.clamp_(-1, 1)
# --- a list, made in one of several ways
import torch
from torch import nn

net = nn.Linear(4, 1)
a = list(net.parameters())
b = [p for p in net.parameters() if p.requires_grad]
c = [*net.parameters()]
d = list(filter(lambda item: "bias" not in item[0], net.named_parameters()))
for params in (a, b, c):
    torch.optim.Adam(params)
    nn.utils.clip_grad_norm_(params, 1.0)
for name, p in d:
    print(name)
# --- on two sides of a branch
import torch
from torch import nn

net = nn.Linear(4, 1)
params = net.parameters()
if choice == "adam":
    opt = torch.optim.Adam(params)
else:
    opt = torch.optim.SGD(params, lr=0.1)
# --- a method of the user's own
import torch
from torch import nn


class Learner:
    def __init__(self):
        self.net = nn.Linear(4, 1)

    def parameters(self):
        return list(self.net.parameters())


params = Learner().parameters()
opt = torch.optim.Adam(params)
nn.utils.clip_grad_norm_(params, 1.0)
