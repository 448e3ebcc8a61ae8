# Sentence pair classification with a recurrent encoder, in the manner of a scikit-learn estimator.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class PairModel(nn.Module):
    def __init__(self, vocab_size, embed_dim, hidden_dim, n_classes, dropout):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim, padding_idx=0)
        self.rnn = nn.LSTM(embed_dim, hidden_dim, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(4 * hidden_dim, n_classes)

    def encode(self, ids):
        _, (h, _) = self.rnn(self.embedding(ids))
        return h[-1]

    def forward(self, premise, hypothesis):
        p, h = self.encode(premise), self.encode(hypothesis)
        joint = torch.cat([p, h, (p - h).abs(), p * h], dim=1)
        return self.classifier(self.dropout(joint))


class PairClassifier:
    def __init__(self, vocab_size, n_classes=2, embed_dim=16, hidden_dim=24, dropout=0.4, eta=2e-3, max_iter=2):
        self.model = PairModel(vocab_size, embed_dim, hidden_dim, n_classes, dropout)
        self.eta = eta
        self.max_iter = max_iter
        self.batch_size = 32
        self.errors = []

    def fit(self, dataset):
        dataloader = DataLoader(dataset, batch_size=self.batch_size, shuffle=True)
        loss = nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(self.model.parameters(), lr=self.eta)
        for iteration in range(1, self.max_iter + 1):
            epoch_error = 0.0
            for premise, hypothesis, label in dataloader:
                batch_preds = self.model(premise, hypothesis)
                err = loss(batch_preds, label)
                epoch_error += err.item()
                optimizer.zero_grad()
                err.backward()
                nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                optimizer.step()
            self.errors.append(epoch_error)
            print("Finished epoch {} of {}; error is {}".format(iteration, self.max_iter, epoch_error))
        return self

    def predict(self, dataset):
        preds = []
        with torch.no_grad():
            for premise, hypothesis, _ in DataLoader(dataset, batch_size=self.batch_size):
                logits = self.model(premise, hypothesis)  # expect: evaluation-in-train-mode
                preds.append(logits.argmax(dim=1))
        return torch.cat(preds)

    def score(self, dataset):
        return (self.predict(dataset) == dataset.tensors[2]).float().mean().item()


def pairs(n, seed):
    g = torch.Generator().manual_seed(seed)
    a = torch.randint(1, 40, (n, 6), generator=g)
    b = torch.randint(1, 40, (n, 6), generator=g)
    same = torch.rand(n, generator=g) < 0.5
    b[same] = a[same].flip(1)
    return TensorDataset(a, b, same.long())


if __name__ == '__main__':
    torch.manual_seed(0)
    clf = PairClassifier(vocab_size=40)
    clf.fit(pairs(640, 0))
    print('accuracy', clf.score(pairs(160, 1)))
