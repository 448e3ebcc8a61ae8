# --- scores, a sigmoid and a ReLU, through a class, a function and an attribute
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.fc, self.activation = nn.Linear(8, 10), activation

    def forward(self, x):
        return self.activation(self.fc(x))


class Trainer:
    def __init__(self, net):
        self.net, self.criterion = net, nn.NLLLoss()
        self.opt = torch.optim.SGD(net.parameters(), lr=0.1)

    def step(self, x, y):
        self.opt.zero_grad()
        loss = self.criterion(self.net(x), y)  # expect: nll-without-log-softmax
        loss.backward()
        self.opt.step()


trainer = Trainer(Net(nn.Sigmoid()))
for _ in range(5):
    trainer.step(torch.randn(4, 8), torch.randint(0, 10, (4,)))
    scores = nn.Linear(8, 10)(torch.randn(4, 8))
    F.nll_loss(scores * 2.0, torch.zeros(4, dtype=torch.long)).backward()  # expect: nll-without-log-softmax
    F.nll_loss(F.relu(scores), torch.zeros(4, dtype=torch.long)).backward()  # expect: nll-without-log-softmax
# --- a logarithm on the way, in every form
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 10)
log_softmax = nn.LogSoftmax(dim=1)
y = torch.zeros(4, dtype=torch.long)
for _ in range(5):
    scores = net(torch.randn(4, 8))
    loss = F.nll_loss(log_softmax(scores), y)
    loss += F.nll_loss(torch.log(torch.softmax(scores, dim=1) + 1e-9), y)
    loss += F.nll_loss(scores - scores.logsumexp(1, keepdim=True), y)
    loss += nn.NLLLoss()(scores.log_softmax(-1), y)
    loss += F.cross_entropy(scores, y)
    loss.backward()
# --- the network is out of sight
import torch.nn.functional as F
from project.models import build

net = build()
for x, y in batches:
    F.nll_loss(net(x), y).backward()
