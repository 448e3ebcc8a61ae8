# --- two inputs of a metric, a list that holds the network, and raw pixels
import torch
from torch import nn
from torchvision import datasets, transforms


class Metric(nn.Module):
    def __init__(self):
        super().__init__()
        self.shift, self.scale = torch.zeros(1, 3, 1, 1), torch.ones(1, 3, 1, 1)
        self.net = [nn.Conv2d(3, 8, 3)]

    def forward(self, a, b):
        a_sc = (a - self.shift.expand_as(a)) / self.scale.expand_as(a)
        b_sc = (b - self.shift.expand_as(a)) / self.scale.expand_as(a)
        x = self.net[0].forward(a)  # expect: normalized-input-unused
        y = self.net[0].forward(b)  # expect: normalized-input-unused
        return (x - y).mean()


def train(net):
    images = datasets.MNIST("data", train=True).data.float()
    scaled = images / 255
    return net(images)  # expect: normalized-input-unused


def normalized(net, image, normalize=transforms.Normalize(0.5, 0.5)):
    ready = normalize(image)
    return net(image)  # expect: normalized-input-unused
# --- it is used: at once, later, in an inner function, under its own name, or the raw value is not
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean, self.std, self.fc = 0.5, 0.2, nn.Linear(8, 2)

    def forward(self, x):
        x = (x - self.mean) / self.std
        return self.fc(x)

    def both(self, x):
        z = (x - self.mean) / self.std
        return self.fc(x), self.fc(z)

    def later(self, x):
        z = (x - self.mean) / self.std

        def inner():
            return self.fc(z)

        return self.fc(x) + inner()

    def anew(self, x, y):
        z = (x - self.mean) / self.std
        x = y
        return self.fc(x)

    def neither(self, x):
        z = (x - self.mean) / self.std
        return self.fc(torch.zeros(2, 8))
