"""Made-up documents: the topic is the residue of most of their words."""
import torch
from torch.utils.data import DataLoader, Dataset

VOCAB, TOPICS, LENGTH = 200, 4, 20


class Documents(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.topics = torch.randint(0, TOPICS, (n,), generator=g)
        words = torch.randint(0, VOCAB, (n, LENGTH), generator=g)
        on_topic = torch.rand(n, LENGTH, generator=g) < 0.4
        self.words = torch.where(on_topic, words - words % TOPICS + self.topics[:, None], words)

    def __len__(self):
        return len(self.topics)

    def __getitem__(self, i):
        return self.words[i], self.topics[i]


def loaders(batch_size=32):
    return DataLoader(Documents(640, 0), batch_size, shuffle=True), DataLoader(Documents(160, 1), batch_size)
