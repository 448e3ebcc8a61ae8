# --- by name, as the thing that is backwarded, with a class of its own
import torch
from torch import nn


class Focal(nn.CrossEntropyLoss):
    pass


net = nn.Linear(8, 3)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
    output = net(x)
    nn.MSELoss(output, y).backward()  # expect: loss-built-from-tensors
    criterion = torch.nn.BCEWithLogitsLoss
    loss = criterion(output[:, 0], y.float())  # expect: loss-built-from-tensors
# --- weights of classes, settings, and calls of a loss that was built
import torch
from torch import nn

net = nn.Linear(8, 3)
weights = torch.tensor([1.0, 2.0, 3.0])
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
    weighted = nn.CrossEntropyLoss(weights, None, 255)
    per_sample = nn.BCELoss(weight=torch.sigmoid(net(x)).detach())
    loss = weighted(net(x), y) + nn.CrossEntropyLoss()(net(x), y)
    loss.backward()
