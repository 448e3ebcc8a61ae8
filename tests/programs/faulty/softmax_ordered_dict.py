"""Wine cultivars from chemical measurements."""
from collections import OrderedDict

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

EPOCHS = 200


def network(n_in, n_hidden, n_out):
    return nn.Sequential(OrderedDict([
        ('hidden', nn.Linear(n_in, n_hidden)),
        ('act', nn.ReLU()),
        ('out', nn.Linear(n_hidden, n_out)),
        ('prob', nn.Softmax(dim=-1)),
    ]))


def prepare():
    wine = load_wine()
    X_train, X_test, y_train, y_test = train_test_split(
        wine.data.astype(np.float32), wine.target, test_size=0.25, stratify=wine.target, random_state=3
    )
    scaler = StandardScaler()
    X_train = torch.tensor(scaler.fit_transform(X_train))
    X_test = torch.tensor(scaler.transform(X_test))
    return X_train, X_test, torch.tensor(y_train), torch.tensor(y_test)


def cost(network_output, target):
    return F.cross_entropy(network_output, target)  # expect: softmax-before-cross-entropy


def main():
    X_train, X_test, y_train, y_test = prepare()
    net = network(X_train.shape[1], 32, 3)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)

    for epoch in range(EPOCHS):
        optimizer.zero_grad()
        J = cost(net(X_train), y_train)
        J.backward()
        optimizer.step()
        if epoch % 20 == 0:
            with torch.no_grad():
                test_acc = (net(X_test).argmax(dim=1) == y_test).float().mean().item()
            print(f'{epoch:4d}  loss {J.item():.4f}  test accuracy {test_acc:.3f}')


if __name__ == '__main__':
    main()
