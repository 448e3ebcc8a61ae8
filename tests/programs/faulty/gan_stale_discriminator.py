"""A GAN on MNIST with fully connected networks."""
import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Generator(nn.Module):
    def __init__(self, latent_dim, width=256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(latent_dim, width), nn.LeakyReLU(0.2),
            nn.Linear(width, 2 * width), nn.LeakyReLU(0.2),
            nn.Linear(2 * width, 784), nn.Tanh(),
        )

    def forward(self, z):
        return self.net(z).view(-1, 1, 28, 28)


class Discriminator(nn.Module):
    def __init__(self, width=256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Flatten(),
            nn.Linear(784, 2 * width), nn.LeakyReLU(0.2), nn.Dropout(0.3),
            nn.Linear(2 * width, width), nn.LeakyReLU(0.2), nn.Dropout(0.3),
            nn.Linear(width, 1),
        )

    def forward(self, image):
        return self.net(image)


class GAN:
    def __init__(self, latent_dim, lr, device):
        self.latent_dim = latent_dim
        self.device = device
        self.G = Generator(latent_dim).to(device)
        self.D = Discriminator().to(device)
        self.g_optim = torch.optim.Adam(self.G.parameters(), lr=lr, betas=(0.5, 0.999))
        self.d_optim = torch.optim.Adam(self.D.parameters(), lr=lr, betas=(0.5, 0.999))
        self.criterion = nn.BCEWithLogitsLoss()

    def noise(self, n):
        return torch.randn(n, self.latent_dim, device=self.device)

    def discriminator_step(self, real):
        n = real.size(0)
        fake = self.G(self.noise(n)).detach()
        self.g_optim.zero_grad()
        loss_real = self.criterion(self.D(real), torch.ones(n, 1, device=self.device))
        loss_fake = self.criterion(self.D(fake), torch.zeros(n, 1, device=self.device))
        loss = loss_real + loss_fake
        loss.backward()
        self.d_optim.step()  # expect: stale-gradients
        return loss.item()

    def generator_step(self, n):
        self.g_optim.zero_grad()
        loss = self.criterion(self.D(self.G(self.noise(n))), torch.ones(n, 1, device=self.device))
        loss.backward()
        self.g_optim.step()
        return loss.item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--latent", type=int, default=64)
    parser.add_argument("--lr", type=float, default=2e-4)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    data = datasets.MNIST("data", train=True, download=True, transform=transform)
    loader = DataLoader(data, batch_size=128, shuffle=True, drop_last=True)
    gan = GAN(args.latent, args.lr, device)
    for epoch in range(args.epochs):
        d_total = g_total = 0.0
        for real, _ in loader:
            d_total += gan.discriminator_step(real.to(device))
            g_total += gan.generator_step(real.size(0))
        print(f"epoch {epoch}: D {d_total / len(loader):.3f} G {g_total / len(loader):.3f}")


if __name__ == "__main__":
    main()
