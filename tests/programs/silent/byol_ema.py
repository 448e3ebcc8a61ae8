"""Self-supervised pre-training with an online and an exponentially averaged target network."""
import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class MLPHead(nn.Module):
    def __init__(self, dim, hidden=64, out=32):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, out))

    def forward(self, x):
        return self.net(x)


class BYOL(nn.Module):
    def __init__(self, encoder, dim, tau=0.99):
        super().__init__()
        self.tau = tau
        self.online = nn.Sequential(encoder, MLPHead(dim))
        self.target = copy.deepcopy(self.online)
        for p in self.target.parameters():
            p.requires_grad = False
        self.predictor = MLPHead(32, out=32)

    @torch.no_grad()
    def update_target(self):
        for po, pt in zip(self.online.parameters(), self.target.parameters()):
            pt.data.mul_(self.tau).add_(po.data, alpha=1.0 - self.tau)

    @staticmethod
    def regression_loss(p, z):
        p = F.normalize(p, dim=-1)
        z = F.normalize(z, dim=-1)
        return 2 - 2 * (p * z).sum(dim=-1)

    def forward(self, v1, v2):
        p1, p2 = self.predictor(self.online(v1)), self.predictor(self.online(v2))
        with torch.no_grad():
            z1, z2 = self.target(v1), self.target(v2)
        return (self.regression_loss(p1, z2.detach()) + self.regression_loss(p2, z1.detach())).mean()


def encoder():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(inplace=True),
        nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def augment(x):
    x = x + 0.1 * torch.randn_like(x)
    if torch.rand(()) < 0.5:
        x = x.flip(-1)
    return x


def main(epochs=1):
    torch.manual_seed(0)
    unlabelled = TensorDataset(torch.randn(256, 3, 16, 16))
    loader = DataLoader(unlabelled, batch_size=64, shuffle=True, drop_last=True)

    byol = BYOL(encoder(), dim=32)
    params = [p for p in byol.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(params, lr=0.03, momentum=0.9, weight_decay=1e-4)
    byol.train()
    for epoch in range(epochs):
        history = []
        for (x,) in loader:
            loss = byol(augment(x), augment(x))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            byol.update_target()
            history.append(loss.item())
        print(epoch, sum(history) / len(history))
    return byol.online[0].state_dict()


if __name__ == "__main__":
    main()
