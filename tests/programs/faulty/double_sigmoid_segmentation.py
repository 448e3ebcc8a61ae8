"""Road segmentation: encoder-decoder, one output map."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Roads(Dataset):
    """Noise with a bright diagonal band."""

    def __init__(self, n, size=32, seed=0):
        self.n, self.size, self.seed = n, size, seed

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(self.seed + i)
        offset = torch.randint(-8, 8, (1,), generator=g)
        yy, xx = torch.meshgrid(torch.arange(self.size), torch.arange(self.size), indexing='ij')
        mask = ((yy - xx + offset).abs() < 4).float()
        image = torch.randn(3, self.size, self.size, generator=g) + mask
        return image, mask.unsqueeze(0)


def conv_bn(cin, cout, **kw):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1, bias=False, **kw), nn.BatchNorm2d(cout), nn.ReLU())


class SegNet(nn.Module):
    def __init__(self, width=16):
        super(SegNet, self).__init__()
        self.down1 = conv_bn(3, width)
        self.down2 = conv_bn(width, 2 * width, stride=2)
        self.down3 = conv_bn(2 * width, 2 * width, stride=2)
        self.up1 = conv_bn(4 * width, width)
        self.up2 = conv_bn(2 * width, width)
        self.final = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        d1 = self.down1(x)
        d2 = self.down2(d1)
        d3 = self.down3(d2)
        u1 = self.up1(torch.cat([F.interpolate(d3, scale_factor=2), d2], dim=1))
        u2 = self.up2(torch.cat([F.interpolate(u1, scale_factor=2), d1], dim=1))
        return torch.sigmoid(self.final(u2))


class Solver(object):
    def __init__(self, net, lr):
        self.net = net
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.Adam(net.parameters(), lr=lr)

    def train(self, loader):
        self.net.train()
        epoch_loss = 0
        for images, masks in loader:
            pred = self.net(images)
            loss = self.criterion(pred, masks)  # expect: sigmoid-before-bce-with-logits
            epoch_loss += loss.item()
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return epoch_loss / len(loader)

    def iou(self, loader):
        self.net.eval()
        inter, union = 0, 0
        with torch.no_grad():
            for images, masks in loader:
                pred = self.net(images) > 0.5
                masks = masks.bool()
                inter += (pred & masks).sum().item()
                union += (pred | masks).sum().item()
        return inter / max(union, 1)


if __name__ == '__main__':
    torch.manual_seed(0)
    solver = Solver(SegNet(), 1e-3)
    train_loader = DataLoader(Roads(96, seed=0), batch_size=16, shuffle=True)
    test_loader = DataLoader(Roads(32, seed=1000), batch_size=16)
    for epoch in range(2):
        print(epoch, solver.train(train_loader), solver.iou(test_loader))
