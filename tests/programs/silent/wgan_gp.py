"""WGAN-GP on a mixture of Gaussians."""
import torch
import torch.nn as nn
from torch import autograd

LAMBDA = 10.0
CRITIC_ITERS = 5
BATCH_SIZE = 64
ITERATIONS = 12


class Generator(nn.Module):
    def __init__(self, dim=128):
        super(Generator, self).__init__()
        self.main = nn.Sequential(
            nn.Linear(2, dim), nn.ReLU(True),
            nn.Linear(dim, dim), nn.ReLU(True),
            nn.Linear(dim, 2),
        )

    def forward(self, noise):
        return self.main(noise)


class Critic(nn.Module):
    def __init__(self, dim=128):
        super(Critic, self).__init__()
        self.main = nn.Sequential(
            nn.Linear(2, dim), nn.LeakyReLU(0.2),
            nn.Linear(dim, dim), nn.LeakyReLU(0.2),
            nn.Linear(dim, 1),
        )

    def forward(self, inputs):
        return self.main(inputs).view(-1)


def gradient_penalty(critic, real, fake):
    alpha = torch.rand(real.size(0), 1, device=real.device)
    mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    scores = critic(mixed)
    gradients = autograd.grad(
        outputs=scores, inputs=mixed, grad_outputs=torch.ones_like(scores),
        create_graph=True, retain_graph=True, only_inputs=True,
    )[0]
    return LAMBDA * ((gradients.norm(2, dim=1) - 1) ** 2).mean()


def inf_data():
    centers = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]) * 2
    while True:
        pick = torch.randint(0, len(centers), (BATCH_SIZE,))
        yield centers[pick] + 0.05 * torch.randn(BATCH_SIZE, 2)


netG = Generator()
netD = Critic()
optimizerD = torch.optim.Adam(netD.parameters(), lr=1e-4, betas=(0.5, 0.9))
optimizerG = torch.optim.Adam(netG.parameters(), lr=1e-4, betas=(0.5, 0.9))
data = inf_data()

for iteration in range(ITERATIONS):
    for p in netD.parameters():
        p.requires_grad_(True)
    for _ in range(CRITIC_ITERS):
        real = next(data)
        with torch.no_grad():
            fake = netG(torch.randn(BATCH_SIZE, 2))
        netD.zero_grad()
        d_real = netD(real).mean()
        d_fake = netD(fake).mean()
        penalty = gradient_penalty(netD, real, fake)
        d_cost = d_fake - d_real + penalty
        d_cost.backward()
        optimizerD.step()
        wasserstein = (d_real - d_fake).item()

    for p in netD.parameters():
        p.requires_grad_(False)
    netG.zero_grad()
    g_cost = -netD(netG(torch.randn(BATCH_SIZE, 2))).mean()
    g_cost.backward()
    optimizerG.step()

    if iteration % 4 == 0:
        print(f"{iteration:6d}  W {wasserstein:.3f}  G {g_cost.item():.3f}")
