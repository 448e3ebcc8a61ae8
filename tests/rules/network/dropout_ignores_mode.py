# --- in a function that forward calls, from a setting, and with the channels dropped
import torch
import torch.nn.functional as F
from torch import nn


def regularized(x, p):
    return F.dropout(F.relu(x), p)  # expect: dropout-ignores-mode


class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.conv, self.out = nn.Conv2d(3, 8, 3), nn.Linear(8, 2)

    def forward(self, x):
        x = F.dropout2d(self.conv(x), p=0.2)  # expect: dropout-ignores-mode
        x = regularized(x, self.config.dropout).mean((2, 3))
        if self.config.dropout > 0.0:
            x = F.dropout(x, p=self.config.dropout)  # expect: dropout-ignores-mode
        x = F.alpha_dropout(x, 0.1)  # expect: dropout-ignores-mode
        return self.out(x)
# --- a dropout built in forward, called at once or later, in a Sequential too
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        drop = nn.Dropout(0.5)  # expect: dropout-ignores-mode
        x = drop(x)
        x = nn.Sequential(nn.ReLU(), nn.Dropout2d(0.1))(x)  # expect: dropout-ignores-mode
        return self.out(x)
# --- attention with a constant probability
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, dropout=0.1):
        super().__init__()
        self.dropout = dropout
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout)  # expect: dropout-ignores-mode
        return self.out(y)
# --- attention that is switched off in evaluation
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, dropout=0.1):
        super().__init__()
        self.dropout = dropout
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x, p=0.0):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout if self.training else 0)
        y = F.scaled_dot_product_attention(y, k, v, dropout_p=p)
        return self.out(F.scaled_dot_product_attention(y, k, v, dropout_p=0.0))
# --- it is told the mode, one way or another
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
        self.drop, self.out = nn.Dropout(p), nn.Linear(8, 2)

    def forward(self, x, is_train=True):
        x = F.dropout(x, self.p, self.training)
        x = F.dropout(x, training=True)
        x = torch.dropout(x, self.p, self.training)
        x = F.dropout(x, **{"p": self.p, "training": self.training})
        if is_train:
            x = F.dropout(x, self.p)
        return self.out(self.drop(x))


class Early(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        x = self.out(x)
        if not self.training:
            return x
        return F.dropout(x, 0.3)
# --- noise on inputs outside of any network, and a probability of 0
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.randint(0, 2, (4,))
    loss = F.cross_entropy(net(F.dropout(x, 0.1)), y)
    opt.zero_grad()
    loss.backward()
    opt.step()


class Net(nn.Module):
    def forward(self, x):
        return F.dropout(x, p=0)
