# --- by the network, by hand, and after the clip
import torch
from torch import nn

one, two, three = nn.Linear(4, 1), nn.Linear(4, 1), nn.Linear(4, 1)
a, b, c = (torch.optim.Adam(net.parameters()) for net in (one, two, three))
for x, y in torch.utils.data.DataLoader([]):
    nn.functional.mse_loss(one(x), y).backward()
    one.zero_grad()  # expect: gradients-cleared-before-step
    a.step()
    nn.functional.mse_loss(two(x), y).backward()
    nn.utils.clip_grad_norm_(two.parameters(), 1.0)
    b.zero_grad(set_to_none=True)  # expect: gradients-cleared-before-step
    b.step()
# --- in a function that nobody calls
def train(net, opt, batches, criterion):
    net.train()
    for x, y in batches:
        loss = criterion(net(x), y)
        loss.backward()
        opt.zero_grad()  # expect: gradients-cleared-before-step
        opt.step()
# --- in a trainer class
import torch
from torch import nn


class Trainer:
    def __init__(self, net):
        self.net, self.opt = net, torch.optim.Adam(net.parameters())

    def optimize(self, loss):
        loss.backward()
        self.opt.zero_grad()  # expect: gradients-cleared-before-step
        self.opt.step()

    def run(self, batches):
        for x, y in batches:
            self.optimize(nn.functional.mse_loss(self.net(x), y))


Trainer(nn.Linear(4, 1)).run(torch.utils.data.DataLoader([]))
# --- the other network is cleared
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
for x in torch.utils.data.DataLoader([]):
    opt_g.zero_grad()
    (-disc(gen(x)).mean()).backward()
    opt_d.zero_grad()
    opt_g.step()
    (disc(gen(x).detach()).mean() - disc(x).mean()).backward()
    opt_d.step()
# --- cleared and computed again
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    opt.zero_grad()
    nn.functional.mse_loss(net(x + 1), y).backward()
    opt.step()
# --- gradients are put back by hand
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    nn.functional.mse_loss(net(x), y).backward()
    kept = [p.grad.clone() for p in net.parameters()]
    opt.zero_grad()
    for p, g in zip(net.parameters(), kept):
        p.grad = g.sign()
    opt.step()
# --- only when something went wrong
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    if not torch.isfinite(loss):
        opt.zero_grad()
    opt.step()
# --- after the step
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
    opt.zero_grad()
# --- the step comes first, and finds what the pass before has cleared
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    loss = nn.functional.mse_loss(net(x), y)
    opt.step()
    loss.backward()
    opt.zero_grad()  # expect: gradients-cleared-before-step
# --- the step comes first, and uses what the pass before has left
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    loss = nn.functional.mse_loss(net(x), y)
    opt.step()
    opt.zero_grad()
    loss.backward()
