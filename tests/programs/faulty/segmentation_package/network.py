"""A fully convolutional network."""
import torch.nn as nn
import torch.nn.functional as F


class FCN(nn.Module):
    def __init__(self, n_classes, width=16):
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(3, width, 3, stride=2, padding=1), nn.BatchNorm2d(width), nn.ReLU())
        self.down2 = nn.Sequential(nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.BatchNorm2d(2 * width), nn.ReLU())
        self.dropout = nn.Dropout2d(0.2)
        self.score = nn.Conv2d(2 * width, n_classes, 1)

    def forward(self, x):
        h = self.score(self.dropout(self.down2(self.down1(x))))
        return F.interpolate(h, size=x.shape[-2:], mode="bilinear", align_corners=False)
