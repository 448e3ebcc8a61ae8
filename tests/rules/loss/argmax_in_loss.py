# --- a threshold, a rounding, the indices of max, inside a loss of the program
import torch
import torch.nn.functional as F
from torch import nn


class Accuracy(nn.Module):
    def forward(self, scores, labels):
        _, predictions = scores.max(1)
        return F.l1_loss(predictions.float(), labels.float())  # expect: argmax-in-loss


net, criterion = nn.Linear(8, 3), Accuracy()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
    scores = net(x)
    decided = (torch.sigmoid(scores) > 0.5).float()
    loss = F.binary_cross_entropy(decided, F.one_hot(y, 3).float())  # expect: argmax-in-loss
    loss = loss + criterion(scores, y)
    loss.requires_grad_(True)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a term made of decisions, added in a function and by `+=`
import torch
import torch.nn.functional as F
from torch import nn


class Losses:
    def layer(self, scores, y):
        return F.cross_entropy(scores, y)

    def dependence(self, scores, y):
        wrong = torch.where(torch.argmax(scores, dim=1) == y, torch.zeros(4), torch.ones(4))
        return torch.sum(torch.pow(3.0, wrong) - 1)


net, losses = nn.Linear(8, 3), Losses()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
    scores = net(x)
    loss = losses.layer(scores, y)
    loss += losses.dependence(scores, y)  # expect: argmax-in-loss
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- straight-through, masks, targets, metrics
import torch
import torch.nn.functional as F
from torch import nn


class Quantizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.dec = nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, x):
        soft = torch.sigmoid(self.enc(x))
        hard = (soft > 0.5).float()
        return self.dec(hard - soft.detach() + soft)


net = Quantizer()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
total = correct = 0
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
    scores = net(x)
    pseudo = scores.argmax(1)
    confident = (scores.softmax(1).max(1).values > 0.9).float()
    loss = (F.cross_entropy(scores, pseudo, reduction="none") * confident).mean() + F.cross_entropy(scores, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    correct += (pseudo == y).float().sum()
    total += loss.item() + correct
    error = F.l1_loss(pseudo.float(), y.float())
