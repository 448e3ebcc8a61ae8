# --- a block of the program, a tuple, an unknown number, beside others
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x).relu()


class Net(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width)] * depth)  # expect: repeated-layer
        self.body = nn.Sequential(*([nn.Linear(width, width), nn.ReLU()] * 3))  # expect: repeated-layer
        self.pair = nn.ModuleList((nn.Linear(width, 1),) * 2)  # expect: repeated-layer
# --- a comprehension, a shared layer with a name, numbers, no weights, once
from torch import nn


class Net(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        shared = nn.Linear(width, width)
        self.tied = nn.Sequential(*[shared] * depth)
        self.blocks = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.drops = nn.ModuleList([nn.Dropout(0.1)] * depth)
        self.single = nn.ModuleList([nn.Linear(width, 1)] * 1)
        self.widths = [width] * depth
