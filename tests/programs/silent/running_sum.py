"""Adding up a sequence: a recurrent network reads one number after the other and says their sum."""
import torch
from torch import nn

LENGTH = 60


class Adder(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden, nonlinearity="relu", batch_first=True)
        self.head = nn.Linear(hidden, 1)
        nn.init.eye_(self.rnn.weight_hh_l0)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.head(states[:, -1])


def sequences(n):
    x = torch.randn(n, LENGTH, 1)
    return x, x.sum(1) / LENGTH ** 0.5


def train(model, steps, lr):
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for step in range(1, steps + 1):
        x, y = sequences(32)
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 20 == 0:
            print(f"step {step}: loss {loss.item():.4f}")


def evaluate(model):
    model.eval()
    with torch.no_grad():
        x, y = sequences(256)
        return nn.functional.mse_loss(model(x), y).item()


if __name__ == "__main__":
    torch.manual_seed(0)
    adder = Adder()
    train(adder, 200, lr=0.1)
    print("held out", evaluate(adder))
