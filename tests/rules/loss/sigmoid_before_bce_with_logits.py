# --- Sigmoid as the last layer
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
criterion = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    loss = criterion(net(x), y)  # expect: sigmoid-before-bce-with-logits
    loss.backward()
    opt.step()
# --- logits into the one, probabilities into the other
import torch
import torch.nn.functional as F
from torch import nn

logits, probs = nn.Linear(8, 1), nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
opt = torch.optim.Adam([*logits.parameters(), *probs.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    loss = F.binary_cross_entropy_with_logits(logits(x), y) + F.binary_cross_entropy(probs(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- function and method, multi-label with weights
import torch
import torch.nn.functional as F
from torch import nn

a, b = nn.Linear(8, 5), nn.Linear(8, 5)
opt = torch.optim.Adam([*a.parameters(), *b.parameters()])
weight = torch.full((5,), 3.0)
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 5)).float()
    one = F.binary_cross_entropy_with_logits(torch.sigmoid(a(x)), y, pos_weight=weight)  # expect: sigmoid-before-bce-with-logits
    two = nn.BCEWithLogitsLoss(pos_weight=weight)(b(x).sigmoid(), y)  # expect: sigmoid-before-bce-with-logits
    opt.zero_grad()
    (one + two).backward()
    opt.step()
# --- a sigmoid for the metric
import torch
from torch import nn

net = nn.Linear(8, 1)
criterion = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    logits = net(x)
    opt.zero_grad()
    criterion(logits, y).backward()
    opt.step()
    probs = torch.sigmoid(logits)
    print(((probs > 0.5).float() == y).float().mean().item())
# --- a sigmoid for another term of the loss
import torch
from torch import nn


class DiceBCE(nn.Module):
    def __init__(self, weight=0.5):
        super().__init__()
        self.weight = weight
        self.bce = nn.BCEWithLogitsLoss()

    def forward(self, logits, mask):
        p = torch.sigmoid(logits)
        dice = 1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)
        return self.weight * self.bce(logits, mask) + (1 - self.weight) * dice


net = nn.Conv2d(3, 1, 3, padding=1)
loss_fn = DiceBCE()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    loss_fn(net(torch.randn(2, 3, 8, 8)), torch.randint(0, 2, (2, 1, 8, 8)).float()).backward()
    opt.step()
# --- the same loss class, the network squashes already
import torch
from torch import nn


class DiceBCE(nn.Module):
    def __init__(self):
        super().__init__()
        self.bce = nn.BCEWithLogitsLoss()

    def forward(self, p, mask):
        dice = 1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)
        return self.bce(p, mask) + dice  # expect: sigmoid-before-bce-with-logits


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 1, 3, padding=1)
        self.final_activation = nn.Sigmoid()

    def forward(self, x):
        return self.final_activation(self.conv(x))


net, loss_fn = Net(), DiceBCE()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    loss_fn(net(torch.randn(2, 3, 8, 8)), torch.randint(0, 2, (2, 1, 8, 8)).float()).backward()
    opt.step()
# --- the sigmoid is for inference only
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 1)

    def forward(self, x):
        x = self.lin(x)
        return x if self.training else x.sigmoid()


net = Net()
opt = torch.optim.Adam(net.parameters())
for epoch in range(2):
    net.train()
    for _ in range(3):
        opt.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(net(torch.randn(16, 8)), torch.rand(16, 1).round()).backward()
        opt.step()
    net.eval()
# --- names that mislead
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, final=None):
        super().__init__()
        self.lin = nn.Linear(8, 1)
        self.sigmoid = final or nn.Identity()

    def forward(self, x):
        return self.sigmoid(self.lin(x))


net = Net(final=nn.Identity())
bce_with_logits = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    probabilities = net(torch.randn(16, 8))
    opt.zero_grad()
    bce_with_logits(probabilities, torch.randint(0, 2, (16, 1)).float()).backward()
    opt.step()
# --- undone by logit
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    p = net(torch.randn(16, 8))
    opt.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(torch.logit(p, eps=1e-6), torch.randint(0, 2, (16, 1)).float()).backward()
    opt.step()
# --- a gate and attention weights are no output
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate, self.value, self.out = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 1)

    def forward(self, x):
        return self.out(torch.sigmoid(self.gate(x)) * self.value(x))


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.BCEWithLogitsLoss()(net(torch.randn(16, 8)), torch.randint(0, 2, (16, 1)).float()).backward()
    opt.step()
# --- soft targets are squashed, outputs are not
import torch
from torch import nn

net, teacher = nn.Linear(8, 1), nn.Linear(8, 1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x = torch.randn(16, 8)
    with torch.no_grad():
        goal = torch.sigmoid(teacher(x))
    opt.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(net(x), goal).backward()
    opt.step()
# --- through a dict of losses and a list of layers
import torch
from torch import nn

criteria = {"seen": nn.BCEWithLogitsLoss(), "price": nn.MSELoss()}
layers = [nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 1)]
layers.append(nn.Sigmoid())
net = nn.Sequential(*layers)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16,))
    score = net(x).view(-1)
    loss = criteria["seen"](score, y.float())  # expect: sigmoid-before-bce-with-logits
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a GAN whose discriminator squashes
import torch
from torch import nn

gen = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
dis = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1), nn.Sigmoid())
g_opt, d_opt = torch.optim.Adam(gen.parameters()), torch.optim.Adam(dis.parameters())


def adversarial(scores, is_real):
    target = torch.full_like(scores, 1.0 if is_real else 0.0)
    return nn.functional.binary_cross_entropy_with_logits(scores, target)  # expect: sigmoid-before-bce-with-logits


for _ in range(5):
    fake = gen(torch.randn(16, 4))
    d_opt.zero_grad()
    (adversarial(dis(torch.randn(16, 2)), True) + adversarial(dis(fake.detach()), False)).backward()
    d_opt.step()
    g_opt.zero_grad()
    adversarial(dis(fake), True).backward()
    g_opt.step()
# --- a recommender that nobody builds: dot product, sigmoid, loss
import torch
from torch import nn


class SkipGram(nn.Module):
    def __init__(self, n_items, dim):
        super().__init__()
        self.left, self.right = nn.Embedding(n_items, dim), nn.Embedding(n_items, dim)

    def forward(self, a, b):
        return torch.sigmoid((self.left(a) * self.right(b)).sum(-1))

    def fit(self, pairs, epochs=3):
        optimizer = torch.optim.Adam(self.parameters(), lr=1e-3)
        criterion = nn.BCEWithLogitsLoss(reduction="mean")
        for _ in range(epochs):
            for a, b, seen in pairs:
                optimizer.zero_grad()
                loss = criterion(self(a, b), seen)  # expect: sigmoid-before-bce-with-logits
                loss.backward()
                optimizer.step()
# --- what the network ends with is not known
import torch
from project.models import build
from torch import nn

net = build("classifier", final="sigmoid")
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.BCEWithLogitsLoss()(net(torch.randn(16, 8)), torch.randint(0, 2, (16, 1)).float()).backward()
    opt.step()
