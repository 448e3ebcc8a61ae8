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
