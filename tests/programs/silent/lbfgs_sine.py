"""Predict the continuation of sine waves with stacked LSTM cells; the whole data set is one batch, so L-BFGS fits."""
import math

import torch
from torch import nn, optim


def waves(n=20, length=60, period=20):
    phase = torch.randint(-4 * period, 4 * period, (n, 1))
    t = torch.arange(length).unsqueeze(0) + phase
    return torch.sin(t / period * 2 * math.pi).float()


class Sequence(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.hidden = hidden
        self.lstm1 = nn.LSTMCell(1, hidden)
        self.lstm2 = nn.LSTMCell(hidden, hidden)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, series, future=0):
        outputs = []
        h1 = torch.zeros(series.size(0), self.hidden)
        c1 = torch.zeros(series.size(0), self.hidden)
        h2 = torch.zeros(series.size(0), self.hidden)
        c2 = torch.zeros(series.size(0), self.hidden)
        for value in series.split(1, dim=1):
            h1, c1 = self.lstm1(value, (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            output = self.linear(h2)
            outputs.append(output)
        for _ in range(future):
            h1, c1 = self.lstm1(output, (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            output = self.linear(h2)
            outputs.append(output)
        return torch.cat(outputs, dim=1)


if __name__ == '__main__':
    torch.manual_seed(0)
    data = waves()
    train_input, train_target = data[3:, :-1], data[3:, 1:]
    test_input, test_target = data[:3, :-1], data[:3, 1:]

    model = Sequence()
    criterion = nn.MSELoss()
    optimizer = optim.LBFGS(model.parameters(), lr=0.8, max_iter=4)

    for step in range(3):
        def closure():
            optimizer.zero_grad()
            loss = criterion(model(train_input), train_target)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 10.0)
            return loss

        loss = optimizer.step(closure)
        print('step', step, 'loss', loss.item())

        with torch.no_grad():
            future = 20
            prediction = model(test_input, future=future)
            print('test loss', criterion(prediction[:, :-future], test_target).item())
