# --- in a function that is called once an epoch
import torch
from torch import nn


def train_epoch(net, batches):
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)  # expect: optimizer-recreated
    for x, y in batches:
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()


net = nn.Linear(4, 1)
for epoch in range(10):
    train_epoch(net, torch.utils.data.DataLoader([]))
# --- in every batch
import torch
from torch import nn

net = nn.Linear(4, 1)
for x, y in torch.utils.data.DataLoader([]):
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)  # expect: optimizer-recreated
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
    opt.zero_grad()
# --- without a memory
import torch
from torch import nn

net = nn.Linear(4, 1)
for x, y in torch.utils.data.DataLoader([]):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
    opt.zero_grad()
# --- folds, tasks and clients
import torch
from torch import nn

start = torch.load("start.pt")
net = nn.Linear(4, 1)
for client in range(5):
    net.load_state_dict(start)
    opt = torch.optim.Adam(net.parameters())
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
tasks = nn.Linear(4, 1)
for task in range(5):
    opt = torch.optim.Adam(tasks.parameters())
    for epoch in range(3):
        for x, y in torch.utils.data.DataLoader([]):
            opt.zero_grad()
            nn.functional.mse_loss(tasks(x), y).backward()
            opt.step()
# --- the learning rate falls, or it happens now and then
import torch
from torch import nn

net, other = nn.Linear(4, 1), nn.Linear(4, 1)
lr = 0.1
opt = torch.optim.Adam(other.parameters())
for epoch in range(10):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    if epoch % 5 == 0:
        opt = torch.optim.Adam(other.parameters())
    for x, y in torch.utils.data.DataLoader([]):
        optimizer.zero_grad()
        opt.zero_grad()
        (nn.functional.mse_loss(net(x), y) + nn.functional.mse_loss(other(x), y)).backward()
        optimizer.step()
        opt.step()
    lr = lr * 0.9
# --- once for each device
import torch
from torch import nn

net = nn.Linear(4, 1)
for device in ("cpu", "cuda"):
    opt = torch.optim.Adam(net.parameters())
    net.to(device)
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
