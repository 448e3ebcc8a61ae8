import sys

import torch
from torch.utils.data import DataLoader, Dataset

from engine import train_pass, validation_pass
from network import FCN

N_CLASSES = 3


class Stripes(Dataset):
    def __init__(self, n, seed):
        self.n, self.seed = n, seed

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(self.seed + i)
        width = int(torch.randint(4, 12, (1,), generator=g))
        labels = (torch.arange(32) // width % N_CLASSES).expand(32, 32).contiguous()
        image = torch.randn(3, 32, 32, generator=g)
        image.scatter_add_(0, labels.unsqueeze(0), torch.ones(1, 32, 32))
        return image, labels


def main(epochs):
    torch.manual_seed(0)
    train_loader = DataLoader(Stripes(96, 0), batch_size=16, shuffle=True)
    val_loader = DataLoader(Stripes(32, 10_000), batch_size=16)
    net = FCN(N_CLASSES)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    criterion = torch.nn.CrossEntropyLoss()
    best = 0.0
    for epoch in range(epochs):
        loss = train_pass(net, train_loader, criterion, optimizer)
        miou = validation_pass(net, val_loader, N_CLASSES)
        if miou > best:
            best = miou
            torch.save(net.state_dict(), "fcn_best.pt")
        print(f"epoch {epoch} loss {loss:.3f} mIoU {miou:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
