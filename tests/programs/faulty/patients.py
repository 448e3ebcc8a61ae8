"""Will a patient fall ill? A small network on laboratory values, written out by hand."""
import torch
from torch import nn


class RiskNet(nn.Module):
    def __init__(self, n_inputs, n_hidden=16):
        super().__init__()
        self.hidden = nn.Linear(n_inputs, n_hidden)
        self.score = nn.Linear(n_hidden, 1)

    def logit(self, x):
        return self.score(torch.relu(self.hidden(x)))

    def forward(self, x):
        return torch.sigmoid(self.logit(x))


def patients(n, seed):
    """Standardised laboratory values, shifted for those who fall ill, and whether they do."""
    g = torch.Generator().manual_seed(seed)
    ill = torch.randint(0, 2, (n,), generator=g)
    values = torch.randn(n, 20, generator=g) + 0.5 * ill.unsqueeze(1)
    return values, ill.float().unsqueeze(1)


def batches(x, y, size):
    order = torch.randperm(len(x))
    for start in range(0, len(x), size):
        chosen = order[start:start + size]
        yield x[chosen], y[chosen]


def train_epoch(net, optimizer, x, y):
    criterion = nn.MSELoss()
    for xb, yb in batches(x, y, 32):
        risk = net(xb)
        loss = criterion(risk, yb)  # expect: sigmoid-with-mse
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def held_out_loss(net, x, y):
    criterion = nn.BCELoss()
    net.eval()
    with torch.no_grad():
        logits = net.logit(x)
        loss = criterion(logits, y)  # expect: bce-on-logits
    net.train()
    return loss.item()


def main():
    torch.manual_seed(0)
    x_train, y_train = patients(512, 1)
    x_test, y_test = patients(128, 2)
    net = RiskNet(x_train.shape[1])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(1, 21):
        loss = train_epoch(net, optimizer, x_train, y_train)
        if epoch % 3 == 0:
            print(f"epoch {epoch}: loss {loss:.4f}, held out {held_out_loss(net, x_test, y_test):.4f}")


if __name__ == "__main__":
    main()
