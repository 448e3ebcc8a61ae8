# --- softplus, ReLU6, a method, and a binary loss
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 1)
many = nn.Linear(8, 10)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.zeros(4, 1)
    F.binary_cross_entropy_with_logits(net(x).relu(), y).backward()  # expect: rectified-logits
    F.cross_entropy(nn.Softplus()(many(x)), torch.zeros(4, dtype=torch.long)).backward()  # expect: rectified-logits
    F.cross_entropy(F.relu6(many(x)), torch.zeros(4, dtype=torch.long)).backward()  # expect: rectified-logits
    F.cross_entropy(F.dropout(F.relu(many(x)), 0.1), torch.zeros(4, dtype=torch.long)).backward()  # expect: rectified-logits
# --- pooling, a layer or arithmetic between; activations with a negative side; inside of the network only
import torch
import torch.nn.functional as F
from torch import nn


class SqueezeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.classifier = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(3, 10, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))

    def forward(self, x):
        return torch.flatten(self.classifier(x), 1)


net, plain = SqueezeNet(), nn.Linear(8, 10)
y = torch.zeros(4, dtype=torch.long)
for _ in range(5):
    x = torch.randn(4, 8)
    loss = F.cross_entropy(net(torch.randn(4, 3, 8, 8)), y)
    loss += F.cross_entropy(F.leaky_relu(plain(x)), y)
    loss += F.cross_entropy(F.gelu(plain(x)), y)
    loss += F.cross_entropy(F.relu(plain(x)) - 1.0, y)
    loss += F.nll_loss(F.log_softmax(F.elu(plain(x)), dim=1), y)
    loss.backward()
# --- a regression to values that cannot be negative
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 1), nn.ReLU())
for _ in range(5):
    nn.functional.mse_loss(net(torch.randn(4, 8)), torch.rand(4, 1)).backward()
