"""A small U-Net that finds discs in noise. One output channel, BCE with logits, Dice as the metric."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Discs(Dataset):
    """Images with a bright disc on a noisy ground, standardised; the mask is the disc."""

    def __init__(self, n, size=32, seed=0):
        self.n, self.size, self.seed = n, size, seed

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(self.seed * 100_003 + i)
        cx, cy = torch.randint(8, self.size - 8, (2,), generator=g).tolist()
        r = torch.randint(4, 8, (1,), generator=g).item()
        yy, xx = torch.meshgrid(torch.arange(self.size), torch.arange(self.size), indexing="ij")
        mask = (((xx - cx) ** 2 + (yy - cy) ** 2) < r * r).float()
        image = mask + 0.5 * torch.randn(self.size, self.size, generator=g)
        image = (image - image.mean()) / (image.std() + 1e-6)
        return image.unsqueeze(0), mask.unsqueeze(0)


class DoubleConv(nn.Sequential):
    def __init__(self, cin, cout):
        super().__init__(
            nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True),
            nn.Conv2d(cout, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True),
        )


class UNet(nn.Module):
    def __init__(self, channels=(8, 16, 32)):
        super().__init__()
        self.downs = nn.ModuleList()
        cin = 1
        for c in channels:
            self.downs.append(DoubleConv(cin, c))
            cin = c
        self.pool = nn.MaxPool2d(2)
        self.ups = nn.ModuleList()
        self.fuse = nn.ModuleList()
        for c in reversed(channels[:-1]):
            self.ups.append(nn.ConvTranspose2d(cin, c, 2, stride=2))
            self.fuse.append(DoubleConv(2 * c, c))
            cin = c
        self.head = nn.Conv2d(cin, 1, 1)

    def forward(self, x):
        skips = []
        for i, down in enumerate(self.downs):
            if i:
                x = self.pool(x)
            x = down(x)
            skips.append(x)
        for up, fuse, skip in zip(self.ups, self.fuse, reversed(skips[:-1])):
            x = fuse(torch.cat([skip, up(x)], dim=1))
        return self.head(x)


def dice_score(prob, mask, eps=1e-6):
    pred = (prob > 0.5).float()
    inter = (pred * mask).sum(dim=(1, 2, 3))
    return ((2 * inter + eps) / (pred.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3)) + eps)).mean()


def soft_dice_loss(logits, mask, eps=1.0):
    prob = torch.sigmoid(logits)
    inter = (prob * mask).sum(dim=(1, 2, 3))
    return (1 - (2 * inter + eps) / (prob.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3)) + eps)).mean()


def evaluate(net, loader):
    net.eval()
    score = 0.0
    with torch.no_grad():
        for image, mask in loader:
            score += dice_score(torch.sigmoid(net(image)), mask).item()
    net.train()
    return score / len(loader)


def train_net(net, epochs=2, lr=1e-3):
    train_loader = DataLoader(Discs(96, seed=1), batch_size=16, shuffle=True)
    val_loader = DataLoader(Discs(32, seed=2), batch_size=16)
    bce = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.RMSprop(net.parameters(), lr=lr, weight_decay=1e-8, momentum=0.9)
    for epoch in range(epochs):
        for image, mask in train_loader:
            logits = net(image)
            loss = bce(logits, mask) + soft_dice_loss(logits, mask)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}: loss {loss.item():.3f}, dice {evaluate(net, val_loader):.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    train_net(UNet())
