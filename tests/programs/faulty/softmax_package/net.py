"""The network."""
import torch.nn as nn


class Head(nn.Module):
    def __init__(self, width, n_classes):
        super().__init__()
        self.fc = nn.Linear(width, n_classes)
        self.act = nn.Softmax(dim=1)

    def forward(self, x):
        return self.act(self.fc(x))


class Encoder(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.embedding = nn.EmbeddingBag(vocab_size, width, mode="mean")
        self.fc = nn.Linear(width, width)
        self.dropout = nn.Dropout(0.2)

    def forward(self, ids):
        return self.dropout(self.fc(self.embedding(ids)).relu())


class TextClassifier(nn.Module):
    def __init__(self, vocab_size, n_classes, width=32):
        super().__init__()
        self.encoder = Encoder(vocab_size, width)
        self.head = Head(width, n_classes)

    def forward(self, ids):
        return self.head(self.encoder(ids))
