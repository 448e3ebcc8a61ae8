"""Denoising diffusion: the network predicts the noise that was added."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def sinusoidal(t, dim):
    half = dim // 2
    freqs = torch.exp(-math.log(10_000) * torch.arange(half, device=t.device) / half)
    args = t[:, None].float() * freqs[None]
    return torch.cat([args.sin(), args.cos()], dim=-1)


class ResBlock(nn.Module):
    def __init__(self, ch, t_dim):
        super().__init__()
        self.norm1 = nn.GroupNorm(4, ch)
        self.conv1 = nn.Conv2d(ch, ch, 3, padding=1)
        self.emb = nn.Linear(t_dim, ch)
        self.norm2 = nn.GroupNorm(4, ch)
        self.drop = nn.Dropout(0.1)
        self.conv2 = nn.Conv2d(ch, ch, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.emb(F.silu(t))[:, :, None, None]
        h = self.conv2(self.drop(F.silu(self.norm2(h))))
        return x + h


class EpsModel(nn.Module):
    def __init__(self, ch=16, t_dim=32, depth=3):
        super().__init__()
        self.t_dim = t_dim
        self.t_mlp = nn.Sequential(nn.Linear(t_dim, t_dim), nn.SiLU(), nn.Linear(t_dim, t_dim))
        self.inp = nn.Conv2d(1, ch, 3, padding=1)
        self.blocks = nn.ModuleList([ResBlock(ch, t_dim) for _ in range(depth)])
        self.norm = nn.GroupNorm(4, ch)
        self.out = nn.Conv2d(ch, 1, 3, padding=1)

    def forward(self, x, t):
        emb = self.t_mlp(sinusoidal(t, self.t_dim))
        h = self.inp(x)
        for block in self.blocks:
            h = block(h, emb)
        return self.out(F.silu(self.norm(h)))


class Diffusion(nn.Module):
    def __init__(self, model, steps=50):
        super().__init__()
        self.model, self.steps = model, steps
        betas = torch.linspace(1e-4, 0.05, steps)
        alphas = 1.0 - betas
        self.register_buffer("betas", betas)
        self.register_buffer("alphas", alphas)
        self.register_buffer("alphas_bar", torch.cumprod(alphas, dim=0))

    def forward(self, x0):
        t = torch.randint(0, self.steps, (x0.size(0),), device=x0.device)
        noise = torch.randn_like(x0)
        a = self.alphas_bar[t][:, None, None, None]
        xt = a.sqrt() * x0 + (1 - a).sqrt() * noise
        return F.mse_loss(self.model(xt, t), noise)

    @torch.no_grad()
    def sample(self, n, size, device):
        x = torch.randn(n, 1, size, size, device=device)
        for i in reversed(range(self.steps)):
            t = torch.full((n,), i, device=device, dtype=torch.long)
            eps = self.model(x, t)
            coef = self.betas[i] / (1 - self.alphas_bar[i]).sqrt()
            x = (x - coef * eps) / self.alphas[i].sqrt()
            if i > 0:
                x = x + self.betas[i].sqrt() * torch.randn_like(x)
        return x


def blobs(n=128, size=12):
    grid = torch.linspace(-1, 1, size)
    c = torch.rand(n, 2) - 0.5
    d = (grid[None, :, None] - c[:, 0, None, None]) ** 2 + (grid[None, None, :] - c[:, 1, None, None]) ** 2
    return (torch.exp(-6 * d) * 2 - 1).unsqueeze(1)


def main():
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    ddpm = Diffusion(EpsModel()).to(device)
    loader = DataLoader(TensorDataset(blobs()), batch_size=32, shuffle=True)
    opt = torch.optim.Adam(ddpm.parameters(), lr=2e-4)
    ema = None
    for epoch in range(3):
        ddpm.train()
        for (x,) in loader:
            opt.zero_grad()
            loss = ddpm(x.to(device))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(ddpm.parameters(), 1.0)
            opt.step()
            ema = loss.item() if ema is None else 0.9 * ema + 0.1 * loss.item()
        ddpm.eval()
        sample = ddpm.sample(4, 12, device)
        print(f"epoch {epoch} loss {ema:.4f} sample std {sample.std().item():.3f}")


if __name__ == "__main__":
    main()
