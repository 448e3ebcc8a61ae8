# --- right after the clearing
import torch
from torch import nn

net = nn.LSTM(4, 4)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.utils.clip_grad_norm_(net.parameters(), 0.25)  # expect: clip-before-backward
    out, _ = net(x)
    nn.functional.mse_loss(out, y).backward()
    opt.step()
# --- behind a setting
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--clip", type=float, default=-1)
args = parser.parse_args()
net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    if args.clip > 0:
        torch.nn.utils.clip_grad_norm_(net.parameters(), args.clip)  # expect: clip-before-backward
    loss.backward()
    opt.step()
# --- clipped again afterwards
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
# --- accumulated gradients are there to be clipped
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    nn.functional.mse_loss(net(x), y).backward()
    if i % 2 == 1:
        opt.step()
        opt.zero_grad()
# --- step at the top, backward at the bottom
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
