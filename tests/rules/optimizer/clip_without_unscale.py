# --- both ways of training in one loop
import torch
from torch import nn


def train(net, opt, batches, scaler, amp):
    net.train()
    for x, y in batches:
        opt.zero_grad()
        if amp:
            with torch.cuda.amp.autocast():
                loss = nn.functional.mse_loss(net(x), y)
            scaler.scale(loss).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)  # expect: clip-without-unscale
            scaler.step(opt)
            scaler.update()
        else:
            nn.functional.mse_loss(net(x), y).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()


net = nn.Linear(4, 1)
train(net, torch.optim.Adam(net.parameters()), torch.utils.data.DataLoader([]), torch.cuda.amp.GradScaler(), option)
# --- unscaled behind the same condition
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.amp.GradScaler("cuda")
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    scaler.scale(nn.functional.mse_loss(net(x), y)).backward()
    if limit:
        scaler.unscale_(opt)
    if limit:
        nn.utils.clip_grad_norm_(net.parameters(), limit)
    scaler.step(opt)
    scaler.update()
# --- another optimizer is unscaled
import torch
from torch import nn

one, two = nn.Linear(4, 1), nn.Linear(4, 1)
a, b = torch.optim.Adam(one.parameters()), torch.optim.Adam(two.parameters())
scaler = torch.amp.GradScaler("cuda")
for x, y in torch.utils.data.DataLoader([]):
    a.zero_grad()
    b.zero_grad()
    loss = nn.functional.mse_loss(one(x), y) + nn.functional.mse_loss(two(x), y)
    scaler.scale(loss).backward()
    scaler.unscale_(a)
    nn.utils.clip_grad_norm_(one.parameters(), 1.0)
    nn.utils.clip_grad_norm_(two.parameters(), 1.0)  # expect: clip-without-unscale
    scaler.step(a)
    scaler.step(b)
    scaler.update()
# --- a scaler that is off
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.amp.GradScaler("cpu", enabled=False)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    scaler.scale(nn.functional.mse_loss(net(x), y)).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    scaler.step(opt)
    scaler.update()
# --- timm's scaler unscales by itself
import torch
from timm.utils import NativeScaler
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = NativeScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    scaler(nn.functional.mse_loss(net(x), y), opt, clip_grad=1.0, parameters=net.parameters())
# --- a scaler kept as an attribute
import torch
from torch import nn
from torch.cuda.amp import GradScaler, autocast


class Trainer:
    def __init__(self, net):
        self.net, self.opt, self.scaler = net, torch.optim.AdamW(net.parameters()), GradScaler()

    def step(self, x, y):
        self.opt.zero_grad()
        with autocast():
            loss = nn.functional.mse_loss(self.net(x), y)
        self.scaler.scale(loss).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)  # expect: clip-without-unscale
        self.scaler.step(self.opt)
        self.scaler.update()


trainer = Trainer(nn.Linear(4, 1))
for x, y in torch.utils.data.DataLoader([]):
    trainer.step(x, y)
