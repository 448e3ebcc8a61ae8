# --- the optimizer steps by itself
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.cuda.amp.GradScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    scaled = scaler.scale(loss)
    scaled.backward()
    opt.step()  # expect: amp-misuse
    scaler.update()
# --- the loss is not scaled
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.cuda.amp.GradScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    scaler.step(opt)  # expect: amp-misuse
    scaler.update()
# --- no update
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.cuda.amp.GradScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    scaler.scale(nn.functional.mse_loss(net(x), y)).backward()
    scaler.step(opt)  # expect: amp-misuse
# --- two branches of one setting
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.cuda.amp.GradScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    if half:
        scaler.scale(loss).backward()
    else:
        loss.backward()
    if half:
        scaler.step(opt)
        scaler.update()
    else:
        opt.step()
# --- one scaler for two optimizers, updated once
import torch
from torch import nn

one, two = nn.Linear(4, 1), nn.Linear(4, 1)
a, b = torch.optim.Adam(one.parameters()), torch.optim.Adam(two.parameters())
scaler = torch.amp.GradScaler("cuda")
for x, y in torch.utils.data.DataLoader([]):
    a.zero_grad()
    b.zero_grad()
    scaler.scale(nn.functional.mse_loss(one(x), y)).backward()
    scaler.scale(nn.functional.mse_loss(two(x), y)).backward()
    scaler.step(a)
    scaler.step(b)
    scaler.update()
# --- unscaled by hand, stepped by hand
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = torch.cuda.amp.GradScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    scaler.scale(nn.functional.mse_loss(net(x), y)).backward()
    scaler.unscale_(opt)
    opt.step()
    scaler.update()
# --- a scaler object that does everything in one call
import torch
from timm.utils import NativeScaler
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
scaler = NativeScaler()
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    scaler(nn.functional.mse_loss(net(x), y), opt)
