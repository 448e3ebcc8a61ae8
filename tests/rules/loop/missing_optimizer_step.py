# --- one of two optimizers
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
for x in torch.utils.data.DataLoader([]):
    opt_d.zero_grad()
    (disc(gen(x).detach()).mean() - disc(x).mean()).backward()  # expect: missing-optimizer-step
    opt_g.zero_grad()
    (-disc(gen(x)).mean()).backward()
    opt_g.step()
# --- in a class, and the learning rate falls all the same
import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.net = nn.Linear(4, 1)
        self.opt = torch.optim.Adam(self.net.parameters())
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)

    def fit(self, batches):
        for epoch in range(3):
            for x, y in batches:
                self.opt.zero_grad()
                loss = nn.functional.mse_loss(self.net(x), y)
                loss.backward()  # expect: missing-optimizer-step
            self.sched.step()


Trainer().fit(torch.utils.data.DataLoader([]))
# --- steps elsewhere in the program
import torch
from torch import nn


def update(opt):
    opt.step()


net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    update(opt)
# --- somebody out of sight may step
import torch
from elsewhere import advance
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    advance(opt)
# --- saliency and attacks
import torch
from torch import nn

net = nn.Linear(4, 2)
for x, y in torch.utils.data.DataLoader([]):
    x.requires_grad = True
    net.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    adversarial = x + 0.1 * x.grad.sign()
    print(net(adversarial).argmax(1))
# --- by hand, in three spellings
import torch
from torch import nn

one, two, three = nn.Linear(4, 1), nn.Linear(4, 1), nn.Linear(4, 1)
for x, y in torch.utils.data.DataLoader([]):
    for net in (one, two, three):
        net.zero_grad()
    (one(x) + two(x) + three(x) - y).pow(2).mean().backward()
    for p in one.parameters():
        p.data.sub_(p.grad.data * 0.1)
    for p in two.parameters():
        p.data -= 0.1 * p.grad
    for p in three.parameters():
        p.data.add_(p.grad, alpha=-0.1)
