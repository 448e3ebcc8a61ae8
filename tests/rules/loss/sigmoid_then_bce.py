# --- a layer, a function, the class of the loss
import torch
import torch.nn.functional as F
from torch import nn

net, plain = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid()), nn.Linear(8, 1)
criterion = nn.BCELoss()
opt = torch.optim.SGD([*net.parameters(), *plain.parameters()], lr=0.1)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.zeros(4, 1)
    loss = criterion(net(x), y)  # expect: sigmoid-then-bce
    loss = loss + F.binary_cross_entropy(torch.sigmoid(plain(x)).squeeze(1), y.squeeze(1))  # expect: sigmoid-then-bce
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a discriminator, an evaluation, a stable loss
import torch
import torch.nn.functional as F
from torch import nn

generator, judge = nn.Linear(4, 8), nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
opt = torch.optim.SGD(judge.parameters(), lr=0.1)
opt_g = torch.optim.SGD(generator.parameters(), lr=0.1)
for _ in range(5):
    real, ones, zeros = torch.randn(4, 8), torch.ones(4, 1), torch.zeros(4, 1)
    fake = generator(torch.randn(4, 4))
    loss = F.binary_cross_entropy(judge(real), ones) + F.binary_cross_entropy(judge(fake.detach()), zeros)
    opt.zero_grad()
    loss.backward()
    opt.step()
    opt_g.zero_grad()
    F.binary_cross_entropy(judge(fake), ones).backward()
    opt_g.step()
net = nn.Linear(8, 1)
with torch.no_grad():
    for _ in range(5):
        score = F.binary_cross_entropy(torch.sigmoid(net(torch.randn(4, 8))), torch.zeros(4, 1))
F.binary_cross_entropy_with_logits(net(torch.randn(4, 8)), torch.zeros(4, 1)).backward()
