import torch
import torch.nn as nn
from tqdm import tqdm


class Denoiser(nn.Module):
    def __init__(self, channels=1, width=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, channels, 3, padding=1),
        )

    def forward(self, noisy):
        return noisy - self.net(noisy)


class DenoisingDataset(torch.utils.data.Dataset):
    def __init__(self, n, sigma=0.4):
        waves = torch.linspace(0, 9, 16)
        phase = torch.rand(n, 1, 1, 1) * 6.28
        self.clean = torch.sin(waves.view(1, 1, 1, -1) + phase) * torch.cos(waves.view(1, 1, -1, 1))
        self.sigma = sigma

    def __len__(self):
        return self.clean.size(0)

    def __getitem__(self, i):
        clean = self.clean[i]
        return clean + self.sigma * torch.randn_like(clean), clean


def train(model, dataset, epochs, batch_size=16, lr=1e-3):
    loader = torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True)
    mse = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = {"loss": [], "psnr": []}

    model.train()
    for epoch in range(epochs):
        for noisy, clean in tqdm(loader, desc=f"epoch {epoch}"):
            restored = model(noisy)
            loss = mse(restored, clean)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history["loss"].append(loss)  # expect: retained-graph
            history["psnr"].append(-10 * torch.log10(loss.detach() + 1e-12))
    return history


def plot(history):
    import matplotlib.pyplot as plt
    plt.plot([v.item() for v in history["loss"]])
    plt.savefig("loss.png")


if __name__ == "__main__":
    torch.manual_seed(0)
    plot(train(Denoiser(), DenoisingDataset(256), epochs=3))
