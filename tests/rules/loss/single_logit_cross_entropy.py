# --- one output unit and CrossEntropyLoss
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    loss = criterion(net(x), y)  # expect: single-logit-cross-entropy
    loss.backward()
    opt.step()
# --- one output unit and a binary loss; two and cross-entropy
import torch
from torch import nn

one, two = nn.Linear(8, 1), nn.Linear(8, 2)
opt = torch.optim.Adam([*one.parameters(), *two.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16,))
    loss = nn.BCEWithLogitsLoss()(one(x).squeeze(1), y.float()) + nn.CrossEntropyLoss()(two(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the number of units comes from a config and a default argument
import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {"hidden": 16, "out_features": 1}


class Net(nn.Module):
    def __init__(self, hidden, out_features=1):
        super().__init__()
        self.a, self.b = nn.Linear(8, hidden), nn.Linear(hidden, out_features)

    def forward(self, x):
        return self.b(F.relu(self.a(x)))


by_config, by_default = Net(**CONFIG), Net(16)
opt = torch.optim.Adam([*by_config.parameters(), *by_default.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.zeros(16, dtype=torch.long)
    opt.zero_grad()
    F.cross_entropy(by_config(x), y).backward()  # expect: single-logit-cross-entropy
    F.cross_entropy(by_default(x), y).backward()  # expect: single-logit-cross-entropy
    opt.step()
# --- the number of classes is counted or unknown
import torch
from project.data import class_names
from torch import nn

names = ["cat", "dog", "bird"]
known, unknown = nn.Linear(8, len(names)), nn.Linear(8, len(class_names()))
opt = torch.optim.Adam([*known.parameters(), *unknown.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
    loss = nn.functional.cross_entropy(known(x), y) + nn.functional.cross_entropy(unknown(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- one less than two
import torch
from torch import nn

n_classes = 2
net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, n_classes - 1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    out = net(torch.randn(16, 8))
    loss = nn.functional.cross_entropy(out, torch.zeros(16, dtype=torch.long))  # expect: single-logit-cross-entropy
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- softmax over one unit is always 1
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    out, y = net(torch.randn(16, 8)), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    loss = F.binary_cross_entropy(torch.softmax(out, dim=1), y)  # expect: single-logit-cross-entropy
    loss.backward()
    opt.step()
# --- softmax over the steps of a sequence, one score each
import torch
from torch import nn


class AttentionPool(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.score, self.out = nn.Linear(dim, 1), nn.Linear(dim, 3)

    def forward(self, x):
        weights = torch.softmax(self.score(x), dim=1)
        return self.out((weights * x).sum(dim=1))


net = AttentionPool()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(4, 6, 8)), torch.randint(0, 3, (4,))).backward()
    opt.step()
# --- softmax over the instances of a bag
import torch
from torch import nn


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
        self.out = nn.Linear(8, 2)

    def forward(self, instances):
        a = torch.transpose(self.attention(instances), 1, 0)
        a = nn.functional.softmax(a, dim=1)
        return self.out(a @ instances)


net = Bag()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(12, 8)), torch.randint(0, 2, (1,))).backward()
    opt.step()
# --- multiple choice: one score for each answer
import torch
from torch import nn


class Choice(nn.Module):
    def __init__(self, n_answers=4):
        super().__init__()
        self.n_answers = n_answers
        self.score = nn.Linear(8, 1)

    def forward(self, answers):
        flat = answers.view(-1, answers.size(-1))
        return self.score(flat).view(-1, self.n_answers)


net = Choice()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(16, 4, 8)), torch.randint(0, 4, (16,))).backward()
    opt.step()
# --- squeezed: the candidates are the classes
import torch
from torch import nn

scorer = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(scorer.parameters())
for _ in range(5):
    candidates = torch.randn(16, 5, 8)
    opt.zero_grad()
    nn.functional.cross_entropy(scorer(candidates).squeeze(-1), torch.randint(0, 5, (16,))).backward()
    opt.step()
# --- several single units side by side
import torch
from torch import nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(8, 1)

    def forward(self, a, b):
        return torch.cat([self.score(a), self.score(b)], dim=1)


net, heads = Siamese(), nn.ModuleList([nn.Linear(8, 1) for _ in range(3)])
opt = torch.optim.Adam([*net.parameters(), *heads.parameters()])
for _ in range(5):
    x = torch.randn(16, 8)
    loss = nn.functional.cross_entropy(net(x, -x), torch.randint(0, 2, (16,)))
    loss = loss + nn.functional.cross_entropy(torch.cat([h(x) for h in heads], 1), torch.randint(0, 3, (16,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the missing class is added as zeros
import torch
from torch import nn

net = nn.Linear(8, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    z = net(torch.randn(16, 8))
    opt.zero_grad()
    nn.functional.cross_entropy(torch.cat([torch.zeros_like(z), z], dim=1), torch.randint(0, 2, (16,))).backward()
    opt.step()
# --- a segmentation map with one channel
import torch
from torch import nn


class Seg(nn.Module):
    def __init__(self, n_channels=3, n_classes=1):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(n_channels, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.outc = nn.Conv2d(8, n_classes, kernel_size=1)

    def forward(self, x):
        return self.outc(self.body(x))


class Trainer:
    def __init__(self):
        self.net, self.criterion = Seg(), nn.CrossEntropyLoss()
        self.opt = torch.optim.Adam(self.net.parameters())

    def step(self, image, mask):
        masks_pred = self.net(image)
        loss = self.criterion(masks_pred, mask)  # expect: single-logit-cross-entropy
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


trainer = Trainer()
for _ in range(3):
    trainer.step(torch.randn(2, 3, 8, 8), torch.zeros(2, 8, 8, dtype=torch.long))
# --- the loss follows the number of classes
import torch
from torch import nn


def make(n_classes):
    net = nn.Conv2d(3, n_classes, 1)
    criterion = nn.CrossEntropyLoss() if n_classes > 1 else nn.BCEWithLogitsLoss()
    return net, criterion


net, criterion = make(1)
opt = torch.optim.Adam(net.parameters())
for _ in range(3):
    opt.zero_grad()
    criterion(net(torch.randn(2, 3, 8, 8)), torch.randint(0, 2, (2, 1, 8, 8)).float()).backward()
    opt.step()
# --- names that mislead
import torch
from torch import nn

CrossEntropyLoss = nn.MSELoss
net, other = nn.Linear(8, 1), nn.Linear(8, 4)
cross_entropy = CrossEntropyLoss()
opt = torch.optim.Adam([*net.parameters(), *other.parameters()])
for _ in range(5):
    x = torch.randn(16, 8)
    one_unit = other(x)
    loss = cross_entropy(net(x), torch.randn(16, 1)) + nn.functional.cross_entropy(one_unit, torch.randint(0, 4, (16,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a function that nobody calls builds its own network
import torch
from torch import nn


def train(batches, n_in, lr=1e-3):
    net = nn.Sequential(nn.Linear(n_in, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1))
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    for x, y in batches:
        opt.zero_grad()
        loss = criterion(net(x), y)  # expect: single-logit-cross-entropy
        loss.backward()
        opt.step()
    return net
# --- a function that nobody calls, whose width nobody knows
import torch
from torch import nn


def train(batches, n_in, n_out):
    net = nn.Linear(n_in, n_out)
    opt = torch.optim.Adam(net.parameters())
    for x, y in batches:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    return net

# --- the old name of reshape
import torch
from torch import nn

net = nn.Conv1d(1, 1, 1)
for x, y in torch.utils.data.DataLoader([]):
    print(nn.functional.cross_entropy(net(x).resize(1, 5), y))
