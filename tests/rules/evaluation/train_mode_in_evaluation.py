# --- in the loop, behind conditions
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for epoch in range(3):
    net.train()
    for x, y in torch.utils.data.DataLoader([1]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader([2]):
            if packed:
                net.train()  # expect: train-mode-in-evaluation
                out = net(x[0])
            else:
                net.train()  # expect: train-mode-in-evaluation
                out = net(x)
            print((out.argmax(1) == y).float().mean().item())
# --- right before the loop
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for epoch in range(3):
    net.train()
    for x, y in torch.utils.data.DataLoader([1]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    net.train()  # expect: train-mode-in-evaluation
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader([2]):
            print((net(x).argmax(1) == y).float().mean().item())
# --- left in training mode: another rule's
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
net.train()
for epoch in range(3):
    for x, y in torch.utils.data.DataLoader([1]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader([2]):
            print((net(x).argmax(1) == y).float().mean().item())
# --- no layer cares
import torch
from torch import nn

net = nn.Linear(4, 2)
with torch.no_grad():
    for x, y in torch.utils.data.DataLoader([2]):
        net.train()
        print((net(x).argmax(1) == y).float().mean().item())
# --- switched back after the evaluation
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))


def evaluate(batches):
    net.eval()
    with torch.no_grad():
        for x, y in batches:
            print((net(x).argmax(1) == y).float().mean().item())
    net.train()


opt = torch.optim.Adam(net.parameters())
for epoch in range(3):
    for x, y in torch.utils.data.DataLoader([1]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    evaluate(torch.utils.data.DataLoader([2]))
