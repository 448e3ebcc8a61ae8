"""Non-saturating GAN with lazy R1 regularisation: several backwards share one graph, some through gradients."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)


class Generator(nn.Module):
    def __init__(self, z_dim=8, width=32):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(z_dim, width), nn.LeakyReLU(0.2), nn.Linear(width, width),
                                 nn.LeakyReLU(0.2), nn.Linear(width, 2))

    def forward(self, z):
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, width), nn.LeakyReLU(0.2), nn.Linear(width, width),
                                 nn.LeakyReLU(0.2), nn.Linear(width, 1))

    def forward(self, x):
        return self.net(x).squeeze(1)


def requires_grad(module, flag):
    for p in module.parameters():
        p.requires_grad_(flag)


def r1(real_scores, real):
    (grad,) = torch.autograd.grad(real_scores.sum(), real, create_graph=True)
    return grad.pow(2).flatten(1).sum(1).mean()


@torch.no_grad()
def accumulate(ema, net, decay=0.995):
    for a, b in zip(ema.parameters(), net.parameters()):
        a.lerp_(b, 1 - decay)


def ring(n):
    angle = torch.rand(n) * 2 * torch.pi
    return torch.stack([angle.cos(), angle.sin()], dim=1) + 0.02 * torch.randn(n, 2)


def train(steps=24, batch=64, z_dim=8, gamma=10.0, every=8):
    g, d, g_ema = Generator(z_dim), Discriminator(), Generator(z_dim)
    g_ema.load_state_dict(g.state_dict())
    requires_grad(g_ema, False)
    g_opt = torch.optim.Adam(g.parameters(), lr=1e-3, betas=(0.0, 0.99))
    d_opt = torch.optim.Adam(d.parameters(), lr=1e-3, betas=(0.0, 0.99))

    for step in range(steps):
        requires_grad(g, False)
        requires_grad(d, True)
        real = ring(batch)
        d_opt.zero_grad()
        if step % every == 0:
            real.requires_grad_(True)
        fake_scores, real_scores = d(g(torch.randn(batch, z_dim))), d(real)
        d_loss = F.softplus(fake_scores).mean() + F.softplus(-real_scores).mean()
        d_loss.backward(retain_graph=step % every == 0)
        if step % every == 0:
            penalty = gamma / 2 * every * r1(real_scores, real)
            penalty.backward()
        d_opt.step()

        requires_grad(g, True)
        requires_grad(d, False)
        g_opt.zero_grad(set_to_none=True)
        g_loss = F.softplus(-d(g(torch.randn(batch, z_dim)))).mean()
        g_loss.backward()
        g_opt.step()
        accumulate(g_ema, g)

        if step % 8 == 0:
            print(f'{step:4d} d {d_loss.item():.3f} g {g_loss.item():.3f}')
    return g_ema


if __name__ == '__main__':
    ema = train()
    with torch.no_grad():
        print('mean radius', ema(torch.randn(256, 8)).norm(dim=1).mean().item())
