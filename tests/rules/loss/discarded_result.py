# --- batches that stay where they are, a state, a dropout, a clamp
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x = self.fc(x)
        F.dropout(x, 0.5, self.training)  # expect: discarded-result
        torch.flatten(x, 1)  # expect: discarded-result
        x.clamp(0, 1)  # expect: discarded-result
        x.unsqueeze(1)  # expect: discarded-result
        return x


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randint(0, 2, (64,))), batch_size=8, shuffle=True)
for x, y in loader:
    x.to("cuda")  # expect: discarded-result
    y.cuda()  # expect: discarded-result
    loss = F.cross_entropy(net(x), y)
    loss.div(4)  # expect: discarded-result
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- in place, networks, numbers, out, and calls that do something
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 2)
net.to("cpu")
net.float()
buffer = torch.zeros(4, 2)
for _ in range(5):
    x = torch.randn(4, 8)
    output = net(x)
    output.retain_grad()
    x.clamp_(0, 1)
    x.mul_(2)
    torch.mul(output, 2, out=buffer)
    torch.clamp_(x, 0, 1)
    F.relu(x, inplace=True)
    output.sum().item()
    output.sum().backward()
    torch.mm(x.t(), x)
    scores = np.zeros(4)
    scores.sort()
    names = ["b", "a"]
    names.sort()
output.view(-1)
# --- what it is cannot be seen
import torch


def move(batch, device):
    batch.to(device)
    for key in batch:
        batch[key].to(device)
