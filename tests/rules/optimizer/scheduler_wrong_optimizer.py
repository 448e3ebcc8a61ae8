# --- both schedulers on one of two optimizers
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
sched_g = torch.optim.lr_scheduler.StepLR(opt_g, step_size=10, gamma=0.5)
sched_d = torch.optim.lr_scheduler.StepLR(opt_g, step_size=10, gamma=0.5)  # expect: scheduler-wrong-optimizer
for epoch in range(30):
    for x in torch.utils.data.DataLoader([]):
        opt_d.zero_grad()
        disc(gen(x).detach()).mean().backward()
        opt_d.step()
        opt_g.zero_grad()
        (-disc(gen(x)).mean()).backward()
        opt_g.step()
    sched_g.step()
    sched_d.step()
# --- each on its own
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
sched_g = torch.optim.lr_scheduler.StepLR(opt_g, step_size=10)
sched_d = torch.optim.lr_scheduler.StepLR(opt_d, step_size=10)
for epoch in range(30):
    for x in torch.utils.data.DataLoader([]):
        opt_d.zero_grad()
        disc(gen(x).detach()).mean().backward()
        opt_d.step()
        opt_g.zero_grad()
        (-disc(gen(x)).mean()).backward()
        opt_g.step()
    sched_g.step()
    sched_d.step()
# --- only one of two has a schedule, on purpose
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
sched = torch.optim.lr_scheduler.StepLR(opt_g, step_size=10)
for epoch in range(30):
    for x in torch.utils.data.DataLoader([]):
        opt_d.zero_grad()
        disc(gen(x).detach()).mean().backward()
        opt_d.step()
        opt_g.zero_grad()
        (-disc(gen(x)).mean()).backward()
        opt_g.step()
    sched.step()
# --- plateau: with and without what it watches
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
watching = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=3)
for epoch in range(30):
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()
    watching.step(loss.item())
    watching.step(metrics=loss)
    watching.step()  # expect: scheduler-wrong-optimizer
# --- one of two schedulers, as a setting says
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
if kind == "plateau":
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
else:
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
for epoch in range(30):
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()
    if kind == "plateau":
        sched.step(loss.item())
    else:
        sched.step()
