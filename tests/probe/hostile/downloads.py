"""Wants data and weights from the network, with libraries that are there."""

import sys

sys.path.insert(0, "site-packages")

import torch
from torchvision import datasets


class Own(datasets.CIFAR10):
    def __init__(self, root):
        super().__init__(root)
        self.count = len(self.targets)


own = Own("data")
sample, label = own[3]
print(type(own).__name__, isinstance(own, datasets.CIFAR10), own.count, sample.size, label)

model = torch.nn.Linear(2, 2)
before = model.weight.clone()
model.load_state_dict(torch.hub.load_state_dict_from_url("https://download.pytorch.org/models/linear.pth"))
assert torch.equal(before, model.weight)
print("weights are random")
