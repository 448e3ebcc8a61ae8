# --- a network is no parameter
import torch
from torch import nn
from torchvision import models

backbone = models.resnet18(weights="DEFAULT")
backbone.requires_grad = False  # expect: inert-flag
for layer in (backbone.layer1,):
    layer.requires_grad_(False)
head = nn.Linear(512, 2)
for p in head.parameters():
    p.require_grad = True  # expect: inert-flag
head.weight.requires_grads = False  # expect: inert-flag
# --- parts of a network of one's own
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 8), nn.Linear(8, 2)
        self.body.requires_grad = False  # expect: inert-flag

    def forward(self, x):
        return self.head(self.body(x))


net = Net()
# --- the mode of the whole alone
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
net.training = False  # expect: inert-flag
plain = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
plain.training = False
# --- the flag of a parameter, and the method of a network
from torch import nn

net = nn.Linear(4, 2)
net.requires_grad_(False)
net.weight.requires_grad = False
for name, p in net.named_parameters():
    p.requires_grad = "bias" in name
# --- a class with a flag of its own
from torch import nn


class Net(nn.Module):
    requires_grad = True

    def __init__(self):
        super().__init__()
        self.fc, self.drop = nn.Linear(4, 2), nn.Dropout(0.5)
        self.training = False

    def forward(self, x):
        return self.drop(self.fc(x))


net = Net()
net.requires_grad = False
# --- in the mode that it is in already
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5))
net.eval()
net.training = False
# --- somebody else's attribute
class Options:
    pass


options = Options()
options.requires_grad = False
options.training = False
