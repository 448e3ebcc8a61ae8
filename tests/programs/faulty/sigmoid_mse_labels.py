"""A two-layer network for diagnosis, written out in the style of a lecture."""
import torch
from torch import nn, optim


class Perceptron(nn.Module):
    def __init__(self, n_inputs, n_hidden):
        super().__init__()
        self.hidden = nn.Linear(n_inputs, n_hidden)
        self.output = nn.Linear(n_hidden, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        x = torch.relu(self.hidden(x))
        return self.sigmoid(self.output(x))


def patients(n, seed):
    """Standardised measurements, shifted for the malignant cases, and the diagnosis: 0 or 1."""
    g = torch.Generator().manual_seed(seed)
    malignant = torch.randint(0, 2, (n,), generator=g)
    measurements = torch.randn(n, 30, generator=g) + 0.4 * malignant.unsqueeze(1)
    return measurements, malignant.float().view(-1, 1)


def minibatches(x, y, size):
    perm = torch.randperm(len(x))
    for start in range(0, len(x), size):
        idx = perm[start:start + size]
        yield x[idx], y[idx]


def train(net, x, y, epochs=50, lr=0.05):
    criterion = nn.MSELoss()
    optimizer = optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    costs = []
    for epoch in range(epochs):
        epoch_cost = 0.0
        for xb, yb in minibatches(x, y, 32):
            yhat = net(xb)
            cost = criterion(yhat, yb)  # expect: sigmoid-with-mse
            optimizer.zero_grad()
            cost.backward()
            optimizer.step()
            epoch_cost += cost.item()
        costs.append(epoch_cost)
        if epoch % 10 == 0:
            print("epoch", epoch, "cost", epoch_cost)
    return costs


def main():
    torch.manual_seed(2)
    X_train, y_train = patients(384, 0)
    X_test, y_test = patients(128, 1)
    net = Perceptron(X_train.shape[1], 16)
    train(net, X_train, y_train)
    with torch.no_grad():
        diagnosis = (net(X_test) > 0.5).float()
    print("accuracy", (diagnosis == y_test).float().mean().item())


if __name__ == "__main__":
    main()
