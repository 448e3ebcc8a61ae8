# --- a loader, a function, the target with two axes, another loss
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.Linear(8, 16), nn.Linear(16, 1)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randn(64)), batch_size=8, shuffle=True)
net, criterion = Net(), nn.SmoothL1Loss()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in loader:
    output = net(x)
    loss = criterion(output, y)  # expect: broadcast-in-loss
    loss = loss + F.mse_loss(output.squeeze(1), y.unsqueeze(1))  # expect: broadcast-in-loss
    loss = loss + F.l1_loss(output.view(-1), y.view(-1, 1))  # expect: broadcast-in-loss
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- reshaped on the way, equal shapes, one sample, unknown shapes
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

net = nn.Linear(8, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randn(64)), batch_size=8, shuffle=True)
pairs = DataLoader(TensorDataset(torch.randn(64, 8), torch.randn(64, 1)), batch_size=8, shuffle=True)
for x, y in loader:
    output = net(x)
    loss = F.mse_loss(output.squeeze(), y) + F.mse_loss(output.squeeze(-1), y) + F.mse_loss(output.flatten(), y)
    loss = loss + F.mse_loss(output, y.unsqueeze(1)) + F.mse_loss(output, y.view(-1, 1)) + F.mse_loss(output[:, 0], y)
    loss = loss + F.mse_loss(output.view(-1), y) + F.mse_loss(output, y[:, None]) + F.mse_loss(output.reshape(y.shape), y)
    loss = loss + F.mse_loss(output.mean(), torch.tensor(1.0)) + F.mse_loss(output.view_as(y), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
for x, y in pairs:
    opt.zero_grad()
    F.mse_loss(net(x), y).backward()
    opt.step()
for x, y in batches():
    opt.zero_grad()
    F.mse_loss(net(x), y).backward()
    opt.step()
single = F.mse_loss(net(torch.randn(1, 8)), torch.randn(1))

# --- a convolution gives maps, whatever their number of channels
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 1, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for image, truth in torch.utils.data.DataLoader(dataset):
    opt.zero_grad()
    nn.functional.mse_loss(net(image), truth.flatten()).backward()
    opt.step()
