"""Customer churn: will a customer leave within the month?"""
import argparse

import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

NUMERIC = ["tenure", "monthly_charges", "total_charges", "n_services"]


class ChurnNet(nn.Module):
    def __init__(self, n_in, hidden=(32, 16)):
        super().__init__()
        self.fc1 = nn.Linear(n_in, hidden[0])
        self.fc2 = nn.Linear(hidden[0], hidden[1])
        self.fc3 = nn.Linear(hidden[1], 1)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.2)

    def forward(self, x):
        x = self.dropout(self.relu(self.fc1(x)))
        x = self.dropout(self.relu(self.fc2(x)))
        return self.fc3(x)


def read(path):
    df = pd.read_csv(path)
    df["churn"] = (df["churn"] == "Yes").astype("float32")
    train, test = train_test_split(df, test_size=0.2, random_state=1)
    scaler = StandardScaler().fit(train[NUMERIC])

    def tensors(part):
        x = torch.tensor(scaler.transform(part[NUMERIC]), dtype=torch.float32)
        y = torch.tensor(part["churn"].values).unsqueeze(1)
        return TensorDataset(x, y)

    return tensors(train), tensors(test)


def fit(model, loader, epochs, lr):
    bce = nn.BCELoss()
    adam = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        model.train()
        total = 0.0
        for features, churned in loader:
            adam.zero_grad()
            out = model(features)
            loss = bce(out, churned)  # expect: bce-on-logits
            loss.backward()
            adam.step()
            total += loss.item()
        print(f"epoch {epoch:3d}  loss {total / len(loader):.4f}")


def recall(model, loader):
    model.eval()
    found = all_positive = 0
    with torch.no_grad():
        for features, churned in loader:
            p = torch.sigmoid(model(features))
            found += ((p > 0.5) & (churned > 0.5)).sum().item()
            all_positive += (churned > 0.5).sum().item()
    return found / max(all_positive, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("csv")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--lr", type=float, default=1e-3)
    opts = parser.parse_args()
    train_data, test_data = read(opts.csv)
    net = ChurnNet(len(NUMERIC))
    fit(net, DataLoader(train_data, batch_size=64, shuffle=True), opts.epochs, opts.lr)
    print("recall", recall(net, DataLoader(test_data, batch_size=64)))
