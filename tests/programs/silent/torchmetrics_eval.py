"""Multi-label classification, scored with torchmetrics."""
import torch
import torchmetrics
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Tags(Dataset):
    """Bag-of-words vectors and a multi-hot vector of tags."""

    def __init__(self, n, n_words=200, n_tags=8, seed=0):
        g = torch.Generator().manual_seed(seed)
        self.words = (torch.rand(n, n_words, generator=g) < 0.05).float()
        self.tags = (self.words[:, :n_tags] + self.words[:, n_tags:2 * n_tags] > 0).float()

    def __len__(self):
        return len(self.words)

    def __getitem__(self, i):
        return {"words": self.words[i], "tags": self.tags[i]}


class TagNet(nn.Module):
    def __init__(self, n_words=200, n_tags=8, width=64, p=0.2):
        super().__init__()
        self.fc1 = nn.Linear(n_words, width)
        self.act = nn.ReLU()
        self.drop = nn.Dropout(p)
        self.fc2 = nn.Linear(width, n_tags)

    def forward(self, words):
        return self.fc2(self.drop(self.act(self.fc1(words))))


def build_metrics(n_tags):
    return torchmetrics.MetricCollection({
        "f1": torchmetrics.classification.MultilabelF1Score(num_labels=n_tags),
        "map": torchmetrics.classification.MultilabelAveragePrecision(num_labels=n_tags),
    })


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_dl = DataLoader(Tags(2000, seed=1), batch_size=50, shuffle=True)
    val_dl = DataLoader(Tags(500, seed=2), batch_size=100)
    model = TagNet().to(device)
    metrics = build_metrics(8).to(device)
    loss_fn = nn.BCEWithLogitsLoss(pos_weight=torch.full((8,), 3.0, device=device))
    optim = torch.optim.Adam(model.parameters(), lr=1e-3)
    mean_loss = torchmetrics.MeanMetric().to(device)

    for epoch in range(10):
        model.train()
        mean_loss.reset()
        for batch in train_dl:
            words, tags = batch["words"].to(device), batch["tags"].to(device)
            optim.zero_grad()
            loss = loss_fn(model(words), tags)
            loss.backward()
            optim.step()
            mean_loss.update(loss.detach(), weight=len(words))

        model.eval()
        metrics.reset()
        with torch.no_grad():
            for batch in val_dl:
                scores = torch.sigmoid(model(batch["words"].to(device)))
                metrics.update(scores, batch["tags"].long().to(device))
        report = {k: round(v.item(), 4) for k, v in metrics.compute().items()}
        print(epoch, round(mean_loss.compute().item(), 4), report)


if __name__ == "__main__":
    main()
