# --- all of them
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 2), nn.Dropout())
opt = torch.optim.Adam(net.parameters())
sched = torch.optim.lr_scheduler.StepLR(opt, 10)
scaler = torch.cuda.amp.GradScaler()
net.train  # expect: uncalled-method
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad  # expect: uncalled-method
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward  # expect: uncalled-method
    opt.step  # expect: uncalled-method
    scaler.update  # expect: uncalled-method
sched.step  # expect: uncalled-method
net.eval  # expect: uncalled-method
# --- an attribute of a class, in a method
import torch
from torch import nn


class Trainer:
    def __init__(self, net):
        self.net = net
        self.opt = torch.optim.Adam(self.net.parameters())

    def run(self, batches):
        for x, y in batches:
            self.opt.zero_grad  # expect: uncalled-method
            nn.functional.mse_loss(self.net(x), y).backward()
            self.opt.step()


Trainer(nn.Linear(4, 1)).run(torch.utils.data.DataLoader([]))
# --- what is given to a function that nobody calls
def train(net, opt, batches, criterion):
    net.train()
    for x, y in batches:
        opt.zero_grad  # expect: uncalled-method
        criterion(net(x), y).backward()
        opt.step()


def reset(opt):
    opt.zero_grad()
# --- handed on, compared, or somebody else's
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.Adam(net.parameters())
steps = [opt.step, net.eval]
if net.training and opt.step:
    steps[0]()


class Clock:
    def step(self):
        pass


clock = Clock()
clock.step
net.weight
