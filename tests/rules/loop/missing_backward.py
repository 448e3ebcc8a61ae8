# --- the loss is logged and forgotten
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
total = 0.0
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    total += loss.item()
    opt.step()  # expect: missing-backward
# --- in a function that nobody calls
def train(net, opt, batches, criterion):
    net.train()
    for x, y in batches:
        opt.zero_grad()
        loss = criterion(net(x), y)
        opt.step()
# --- only one of two losses is backwarded
import torch
from torch import nn

one, two = nn.Linear(4, 1), nn.Linear(4, 1)
a, b = torch.optim.Adam(one.parameters()), torch.optim.Adam(two.parameters())
for x, y in torch.utils.data.DataLoader([]):
    a.zero_grad()
    b.zero_grad()
    first = nn.functional.mse_loss(one(x), y)
    second = nn.functional.mse_loss(two(x), y)
    first.backward()
    a.step()
    b.step()
# --- a helper out of sight may go backward
import torch
from elsewhere import run_backward
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    run_backward(loss)
    opt.step()
# --- gradients that were computed as values
import torch
from torch import nn

net = nn.Linear(4, 1)
params = list(net.parameters())
opt = torch.optim.Adam(params)
for x, y in torch.utils.data.DataLoader([]):
    loss = nn.functional.mse_loss(net(x), y)
    for p, g in zip(params, torch.autograd.grad(loss, params)):
        p.grad = g
    opt.step()
# --- a closure
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.LBFGS(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    def closure():
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        return loss

    print(nn.functional.mse_loss(net(x), y).item())
    opt.step(closure)
# --- the step goes through a scaler
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.amp.GradScaler("cuda")
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    scaler.scale(loss)
    scaler.step(opt)  # expect: missing-backward
    scaler.update()
