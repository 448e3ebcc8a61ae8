"""Coloured noise images: the class is the channel with the largest mean."""
import torch
from torch.utils.data import DataLoader, Dataset


class ColouredNoise(Dataset):
    def __init__(self, n, size=16, seed=0, transform=None):
        g = torch.Generator().manual_seed(seed)
        self.labels = torch.randint(0, 3, (n,), generator=g)
        pixels = torch.rand(n, 3, size, size, generator=g) * 200
        pixels[torch.arange(n), self.labels] += 40
        self.images = pixels.to(torch.uint8)
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        image = self.images[i].float() / 255.0
        if self.transform is not None:
            image = self.transform(image)
        return image, self.labels[i]


class Standardize:
    def __init__(self, mean, std):
        self.mean = torch.tensor(mean).view(-1, 1, 1)
        self.std = torch.tensor(std).view(-1, 1, 1)

    def __call__(self, image):
        return (image - self.mean) / self.std


def build_loaders(batch_size=32):
    tf = Standardize((0.44, 0.44, 0.44), (0.24, 0.24, 0.24))
    train = ColouredNoise(256, seed=1, transform=tf)
    val = ColouredNoise(96, seed=2, transform=tf)
    return DataLoader(train, batch_size, shuffle=True), DataLoader(val, batch_size)
