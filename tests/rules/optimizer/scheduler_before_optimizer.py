# --- at the top of the batch
import torch
from torch import nn, optim

net = nn.Linear(4, 1)
opt = optim.Adam(net.parameters())
sched = optim.lr_scheduler.CosineAnnealingLR(opt, T_max=100)
for x, y in torch.utils.data.DataLoader([]):
    sched.step()  # expect: scheduler-before-optimizer
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
# --- before a function that trains
import torch
from torch import nn


def train(net, opt, batches):
    for x, y in batches:
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()


net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [10, 20])
for epoch in range(30):
    sched.step()  # expect: scheduler-before-optimizer
    train(net, opt, torch.utils.data.DataLoader([]))
# --- the epoch is told
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, 10)
for epoch in range(30):
    sched.step(epoch)
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
# --- after a first epoch, and behind a condition
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 10)
for epoch in range(30):
    if epoch > 0:
        sched.step()
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
# --- advanced to where a run was left
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 10)
for _ in range(start):
    sched.step()
for epoch in range(start, 30):
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
    sched.step()
# --- a scheduler of timm counts otherwise
import torch
from timm.scheduler import CosineLRScheduler
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = CosineLRScheduler(opt, t_initial=30)
for epoch in range(30):
    sched.step(epoch)
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
# --- a trainer out of sight steps
import torch
from elsewhere import train
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 10)
for epoch in range(30):
    train(net, opt)
    sched.step()
    opt.zero_grad()
    net(torch.randn(8, 4)).mean().backward()
    opt.step()

# --- a scheduler of the program's own
import torch
from torch import nn


class Warmup(torch.optim.lr_scheduler._LRScheduler):
    def __init__(self, optimizer, steps, last_epoch=-1):
        self.steps = steps
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [lr * min(1, (self.last_epoch + 1) / self.steps) for lr in self.base_lrs]


net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = Warmup(optimizer, 5)
for epoch in range(9):
    scheduler.step()  # expect: scheduler-before-optimizer
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()

# --- one that says itself what a step is
import torch
from torch import nn


class Stages(torch.optim.lr_scheduler._LRScheduler):
    def step(self, epoch=None):
        self.last_epoch += 1
        for group in self.optimizer.param_groups:
            group["lr"] = 0.1 / self.last_epoch


net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = Stages(optimizer)
for epoch in range(9):
    scheduler.step()
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()

# --- where there is a scheduler
import torch
from torch import nn


def run(net, config, loader):
    optimizer = torch.optim.SGD(net.parameters(), lr=config.lr)
    if config.steps is not None:
        scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, config.steps, gamma=0.1)
    else:
        scheduler = None
    for epoch in range(10):
        if scheduler is not None:
            scheduler.step()  # expect: scheduler-before-optimizer
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
