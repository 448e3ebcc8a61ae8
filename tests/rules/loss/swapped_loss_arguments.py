# --- labels first, through a loader, a method and keywords
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randint(0, 10, (64,))), batch_size=8, shuffle=True)
net = nn.Linear(8, 10)
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.1)


def step(x, y):
    output = net(x)
    loss = criterion(y, output)  # expect: swapped-loss-arguments
    loss = loss + F.binary_cross_entropy_with_logits(input=y.float(), target=output[:, 0])  # expect: swapped-loss-arguments
    opt.zero_grad()
    loss.backward()
    opt.step()


for x, y in loader:
    step(x, y)
# --- the right order, symmetric losses, soft targets that carry no graph, a target network
import torch
import torch.nn.functional as F
from torch import nn

net, teacher = nn.Linear(8, 10), nn.Linear(8, 10)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 10, (4,))
    output = net(x)
    with torch.no_grad():
        soft = teacher(x).softmax(1)
    loss = F.cross_entropy(output, y) + F.mse_loss(soft, output) + F.cross_entropy(output, soft)
    loss = loss + F.kl_div(soft.log(), output.softmax(1), reduction="batchmean")
    loss = loss + F.cross_entropy(output, teacher(x).softmax(1)) + F.smooth_l1_loss(y.float(), output[:, 0])
    opt.zero_grad()
    loss.backward()
    opt.step()
