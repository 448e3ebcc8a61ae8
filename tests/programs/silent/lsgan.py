import itertools
import os

import numpy as np
import torch
import torch.nn as nn
from torch.autograd import Variable
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.utils import save_image

os.makedirs("images", exist_ok=True)
cuda = torch.cuda.is_available()
Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor
IMG, LATENT, BATCH, EPOCHS = 32, 100, 64, 50


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.init_size = IMG // 4
        self.l1 = nn.Linear(LATENT, 128 * self.init_size ** 2)
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(128),
            nn.ReLU(inplace=True),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 128, 3, stride=1, padding=1),
            nn.BatchNorm2d(128),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 64, 3, stride=1, padding=1),
            nn.BatchNorm2d(64),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(64, 1, 3, stride=1, padding=1),
            nn.Tanh(),
        )

    def forward(self, z):
        out = self.l1(z).view(z.shape[0], 128, self.init_size, self.init_size)
        return self.conv_blocks(out)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()

        def block(cin, cout):
            return nn.Conv2d(cin, cout, 3, 2, 1), nn.LeakyReLU(0.2, inplace=True), nn.Dropout2d(0.25)

        self.model = nn.Sequential(*itertools.chain(block(1, 16), block(16, 32), block(32, 64), block(64, 128)))
        self.adv_layer = nn.Linear(128 * (IMG // 16) ** 2, 1)

    def forward(self, img):
        return self.adv_layer(self.model(img).flatten(1))


adversarial_loss = torch.nn.MSELoss()
generator, discriminator = Generator(), Discriminator()
if cuda:
    generator.cuda()
    discriminator.cuda()

dataloader = DataLoader(
    datasets.MNIST("data", train=True, download=True, transform=transforms.Compose(
        [transforms.Resize(IMG), transforms.ToTensor(), transforms.Normalize([0.5], [0.5])]
    )),
    batch_size=BATCH, shuffle=True,
)
optimizer_G = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))

for epoch in range(EPOCHS):
    for i, (imgs, _) in enumerate(dataloader):
        valid = Variable(Tensor(imgs.shape[0], 1).fill_(1.0), requires_grad=False)
        fake = Variable(Tensor(imgs.shape[0], 1).fill_(0.0), requires_grad=False)
        real_imgs = Variable(imgs.type(Tensor))

        optimizer_G.zero_grad()
        z = Variable(Tensor(np.random.normal(0, 1, (imgs.shape[0], LATENT))))
        gen_imgs = generator(z)
        g_loss = adversarial_loss(discriminator(gen_imgs), valid)
        g_loss.backward()
        optimizer_G.step()

        optimizer_D.zero_grad()
        real_loss = adversarial_loss(discriminator(real_imgs), valid)
        fake_loss = adversarial_loss(discriminator(gen_imgs.detach()), fake)
        d_loss = 0.5 * (real_loss + fake_loss)
        d_loss.backward()
        optimizer_D.step()

        done = epoch * len(dataloader) + i
        if done % 400 == 0:
            print("[%d/%d] [%d/%d] D %f G %f" % (epoch, EPOCHS, i, len(dataloader), d_loss.item(), g_loss.item()))
            save_image(gen_imgs.data[:25], "images/%d.png" % done, nrow=5, normalize=True)
