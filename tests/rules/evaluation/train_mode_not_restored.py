# --- eval() after each epoch, train() only before the first
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
net.train()
for epoch in range(2):
    for x, y in data[:3]:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)  # expect: train-mode-not-restored
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- train() at the top of each epoch
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    net.train()
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- train() behind the evaluation
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


def validate():
    net.eval()
    with torch.no_grad():
        score = sum((net(x).argmax(1) == y).sum().item() for x, y in data[3:])
    net.train()
    return score


for step in range(12):
    x, y = data[step % 3]
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
    if step % 4 == 3:
        print(validate())
# --- every few steps
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
net.train()
for step in range(12):
    x, y = data[step % 3]
    out = net(x)  # expect: train-mode-not-restored
    opt.zero_grad()
    nn.functional.cross_entropy(out, y).backward()
    opt.step()
    if step % 4 == 3:
        net.eval()
        with torch.no_grad():
            print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- train and evaluate are functions, and neither calls train()
import torch
from torch import nn


def train_epoch(model, batches, opt):
    for x, y in batches:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)  # expect: train-mode-not-restored
        loss.backward()
        opt.step()


@torch.no_grad()
def evaluate(model, batches):
    model.eval()
    return sum((model(x).argmax(1) == y).sum().item() for x, y in batches)


net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    train_epoch(net, data[:3], opt)
    print(evaluate(net, data[3:]))
# --- the old mode is remembered and put back
import torch
from torch import nn


def evaluate(model, batches):
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            return sum((model(x).argmax(1) == y).sum().item() for x, y in batches)
    finally:
        model.train(was_training)


net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    print(evaluate(net, data[3:]))
# --- a context manager puts it back
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def evaluating(model):
    model.eval()
    with torch.no_grad():
        yield
    model.train()


net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    with evaluating(net):
        print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- batch norm frozen on purpose: eval() on a part
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(16, 3))

    def forward(self, x):
        return self.head(self.backbone(x))


net = Net()
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    net.train()
    net.backbone.eval()
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
# --- frozen by the network's own train(), or module by module
import torch
from torch import nn


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.lin = nn.BatchNorm1d(8), nn.Linear(8, 3)

    def train(self, mode=True):
        super().train(mode)
        self.norm.eval()
        return self

    def forward(self, x):
        return self.lin(self.norm(x))


a, b = Frozen(), nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam([*a.parameters(), *b.parameters()])
for epoch in range(2):
    a.train()
    b.train()
    for module in b.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.eval()
    for _ in range(3):
        x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
        opt.zero_grad()
        nn.functional.cross_entropy(a(x) + b(x), y).backward()
        opt.step()
# --- teachers, targets and copies are in eval mode for good
import copy

import torch
from torch import nn


def make():
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))


net, teacher = make(), make().eval()
opt = torch.optim.Adam(net.parameters())
for epoch in range(2):
    for _ in range(3):
        x = torch.randn(16, 8)
        with torch.no_grad():
            goal = teacher(x).softmax(1)
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), goal).backward()
        opt.step()
    frozen = copy.deepcopy(net).eval()
    with torch.no_grad():
        print(frozen(torch.randn(4, 8)).argmax(1))
# --- eval() once, after all training
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
net.eval()
with torch.no_grad():
    print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- restored only where the score improved
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
best = 0
for epoch in range(5):
    for x, y in data[:3]:
        opt.zero_grad()
        out = net(x)  # expect: train-mode-not-restored
        nn.functional.cross_entropy(out, y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        score = sum((net(x).argmax(1) == y).sum().item() for x, y in data[3:])
    if score > best:
        best = score
        net.train()
# --- restored only on the way past the early return
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


def validate(threshold):
    net.eval()
    with torch.no_grad():
        score = sum((net(x).argmax(1) == y).sum().item() for x, y in data[3:])
    if score > threshold:
        return score
    net.train()
    return score


for epoch in range(3):
    for x, y in data[:3]:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)  # expect: train-mode-not-restored
        loss.backward()
        opt.step()
    print(validate(8))
# --- train(False) is eval()
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


def mode(training=True):
    net.train(training)


mode()
for epoch in range(3):
    for x, y in data[:3]:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)  # expect: train-mode-not-restored
        loss.backward()
        opt.step()
    mode(training=False)
    with torch.no_grad():
        print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- an unseen helper may restore
import torch
from project.evaluation import validate
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
for epoch in range(3):
    for _ in range(3):
        opt.zero_grad()
        nn.functional.cross_entropy(net(torch.randn(16, 8)), torch.randint(0, 3, (16,))).backward()
        opt.step()
    net.eval()
    print(validate(net))
# --- a trainer that nobody builds
import torch
from torch import nn


class Trainer:
    def __init__(self, n_in, n_out):
        self.model = nn.Sequential(nn.Linear(n_in, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, n_out))
        self.optim = torch.optim.Adam(self.model.parameters())
        self.criterion = nn.CrossEntropyLoss()

    def validate(self, batches):
        self.model.eval()
        with torch.no_grad():
            return sum(self.criterion(self.model(x), y).item() for x, y in batches)

    def train(self, train_batches, val_batches, epochs):
        self.model.train()
        for epoch in range(epochs):
            for x, y in train_batches:
                score = self.model(x)  # expect: train-mode-not-restored
                self.optim.zero_grad()
                self.criterion(score, y).backward()
                self.optim.step()
            print(epoch, self.validate(val_batches))
# --- mode by phase
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    for phase, batches in (("train", data[:3]), ("val", data[3:])):
        if phase == "train":
            net.train()
        else:
            net.eval()
        for x, y in batches:
            with torch.set_grad_enabled(phase == "train"):
                loss = nn.functional.cross_entropy(net(x), y)
            if phase == "train":
                opt.zero_grad()
                loss.backward()
                opt.step()
# --- samples are drawn in eval mode after each epoch of a GAN
import torch
from torch import nn

gen = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
dis = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
g_opt, d_opt = torch.optim.Adam(gen.parameters()), torch.optim.Adam(dis.parameters())
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(16, 1), torch.zeros(16, 1)
for epoch in range(2):
    for _ in range(3):
        fake = gen(torch.randn(16, 4))  # expect: train-mode-not-restored
        d_opt.zero_grad()
        (bce(dis(torch.randn(16, 2)), ones) + bce(dis(fake.detach()), zeros)).backward()
        d_opt.step()
        g_opt.zero_grad()
        bce(dis(fake), ones).backward()
        g_opt.step()
    gen.eval()
    with torch.no_grad():
        print(gen(torch.randn(4, 4)))
# --- an eval() that belongs to something else
import torch
from torch import nn


class Board:
    def __init__(self):
        self.scores = []

    def eval(self):
        return sum(self.scores)


net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt, model = torch.optim.Adam(net.parameters()), Board()
for epoch in range(2):
    for _ in range(3):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(torch.randn(16, 8)), torch.randint(0, 3, (16,)))
        loss.backward()
        opt.step()
        model.scores.append(loss.item())
    print(model.eval(), eval("1 + 1"))
# --- eval() on one network, training of another
import torch
from torch import nn

first = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 8))
second = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(second.parameters())
for epoch in range(2):
    first.eval()
    for _ in range(3):
        with torch.no_grad():
            features = first(torch.randn(16, 8))
        opt.zero_grad()
        nn.functional.cross_entropy(second(features), torch.randint(0, 3, (16,))).backward()
        opt.step()

# --- a function that nobody calls with a network puts the mode back as it was found
import torch
from torch import nn


def evaluate(model, batches):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in batches)
    if was_training:
        model.train()
    return hits


def fit(model, train_batches, val_batches, opt):
    for epoch in range(3):
        for x, y in train_batches:
            opt.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            opt.step()
        print(evaluate(model, val_batches))

# --- assert False ends a path
import sys

import torch
from torch import nn

how, net = sys.argv[1], nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    if how == "finetune":
        net.train()
    elif how == "freeze":
        net.eval()
    else:
        assert False
    for x, y in torch.utils.data.DataLoader([], shuffle=True):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader([]):
            print((net(x).argmax(1) == y).sum())

# --- a flag that is always true
import argparse
import copy

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--ema", action="store_true", default=True)
args = parser.parse_args()
net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
opt, average = torch.optim.SGD(net.parameters(), lr=0.1), copy.deepcopy(net)
net.train()
for epoch in range(3):
    for x, y in torch.utils.data.DataLoader([], shuffle=True):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    tested = average if args.ema else net
    tested.eval()
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader([]):
            print((tested(x).argmax(1) == y).sum())

# --- the head alone is trained, and goes back into training mode
import torch
from torch import nn


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.1))
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(8, 2))

    def train_head(self):
        for p in self.encoder.parameters():
            p.requires_grad = False
        self.head.train()

    def forward(self, x):
        return self.head(self.encoder(x).detach())


net = Discriminator()
net.encoder.eval()
opt = torch.optim.Adam(net.parameters())
for epoch in range(9):
    net.train_head()
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader([]):
            print((net(x).argmax(1) == y).float().mean())
