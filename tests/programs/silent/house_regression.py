"""House prices from a CSV: scaler fitted on the training rows, MSE on the log price."""
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, Dataset

CSV = "housing.csv"
FEATURES = ["area", "rooms", "age", "distance", "floor"]
TARGET = "price"


class HousingDataset(Dataset):
    def __init__(self, features, prices):
        self.x = torch.as_tensor(features, dtype=torch.float32)
        self.y = torch.as_tensor(np.log1p(prices), dtype=torch.float32).unsqueeze(1)

    def __len__(self):
        return self.x.shape[0]

    def __getitem__(self, idx):
        return self.x[idx], self.y[idx]


class PriceNet(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_features, 128),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(128, 64),
            nn.ReLU(),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.layers(x)


def load(path):
    frame = pd.read_csv(path).dropna()
    train, test = train_test_split(frame, test_size=0.2, random_state=0)
    train, val = train_test_split(train, test_size=0.2, random_state=0)
    scaler = StandardScaler().fit(train[FEATURES])
    return [HousingDataset(scaler.transform(part[FEATURES]), part[TARGET].values) for part in (train, val, test)]


def rmse(model, loader, device):
    model.eval()
    errors = []
    with torch.no_grad():
        for x, y in loader:
            prediction = model(x.to(device)).cpu().numpy()
            errors.append((np.expm1(prediction) - np.expm1(y.numpy())) ** 2)
    return float(np.sqrt(np.concatenate(errors).mean()))


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_set, val_set, test_set = load(CSV)
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=256)
    test_loader = DataLoader(test_set, batch_size=256)

    model = PriceNet(len(FEATURES)).to(device)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-5)
    best = float("inf")
    for epoch in range(100):
        model.train()
        epoch_loss = 0.0
        for x, y in train_loader:
            x, y = x.to(device), y.to(device)
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            epoch_loss += loss.item() * x.size(0)
        score = rmse(model, val_loader, device)
        print(f"epoch {epoch}: {epoch_loss / len(train_set):.4f}, validation RMSE {score:,.0f}")
        if score < best:
            best = score
            torch.save(model.state_dict(), "price_net.pt")

    model.load_state_dict(torch.load("price_net.pt", map_location=device))
    print(f"test RMSE {rmse(model, test_loader, device):,.0f}")


if __name__ == "__main__":
    main()
