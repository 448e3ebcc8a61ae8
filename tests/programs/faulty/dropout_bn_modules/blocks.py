"""Pre-activation blocks for one-dimensional signals."""
import torch.nn as nn


class PreActBlock(nn.Module):
    """norm, activation, convolution, dropout; the next block's norm reads this block's dropout."""

    def __init__(self, channels_in, channels_out, dropout=0.0, downsample=False):
        super().__init__()
        self.norm = nn.BatchNorm1d(channels_in)  # expect: batchnorm-after-dropout
        self.act = nn.ReLU()
        self.conv = nn.Conv1d(channels_in, channels_out, 5, padding=2, stride=2 if downsample else 1, bias=False)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        return self.drop(self.conv(self.act(self.norm(x))))


class Stem(nn.Sequential):
    def __init__(self, channels_in, width):
        super().__init__(nn.Conv1d(channels_in, width, 7, padding=3), nn.MaxPool1d(2))


class Head(nn.Module):
    def __init__(self, width, n_classes):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool1d(1)
        self.act = nn.ReLU()
        self.fc = nn.Linear(width, n_classes)

    def forward(self, x):
        return self.fc(self.act(self.pool(x)).squeeze(-1))
