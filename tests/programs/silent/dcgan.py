import argparse
import os

import torch
import torch.nn as nn
import torch.optim as optim
import torchvision.transforms as transforms
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.utils import save_image

opt = argparse.ArgumentParser()
opt.add_argument('--dataroot', default='./celeba')
opt.add_argument('--nz', type=int, default=100)
opt.add_argument('--ngf', type=int, default=64)
opt.add_argument('--ndf', type=int, default=64)
opt.add_argument('--niter', type=int, default=25)
opt.add_argument('--out', default='samples')
opt = opt.parse_args()

os.makedirs(opt.out, exist_ok=True)
device = torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')

dataset = ImageFolder(opt.dataroot, transform=transforms.Compose([
    transforms.Resize(64),
    transforms.CenterCrop(64),
    transforms.ToTensor(),
    transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
]))
loader = DataLoader(dataset, batch_size=128, shuffle=True, num_workers=2, drop_last=True)


def init_weights(m):
    name = m.__class__.__name__
    if 'Conv' in name:
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif 'BatchNorm' in name:
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def up(cin, cout):
    return [nn.ConvTranspose2d(cin, cout, 4, 2, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(True)]


def down(cin, cout):
    return [nn.Conv2d(cin, cout, 4, 2, 1, bias=False), nn.BatchNorm2d(cout), nn.LeakyReLU(0.2, inplace=True)]


netG = nn.Sequential(
    nn.ConvTranspose2d(opt.nz, opt.ngf * 8, 4, 1, 0, bias=False), nn.BatchNorm2d(opt.ngf * 8), nn.ReLU(True),
    *up(opt.ngf * 8, opt.ngf * 4), *up(opt.ngf * 4, opt.ngf * 2), *up(opt.ngf * 2, opt.ngf),
    nn.ConvTranspose2d(opt.ngf, 3, 4, 2, 1, bias=False), nn.Tanh(),
).to(device)
netD = nn.Sequential(
    nn.Conv2d(3, opt.ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
    *down(opt.ndf, opt.ndf * 2), *down(opt.ndf * 2, opt.ndf * 4), *down(opt.ndf * 4, opt.ndf * 8),
    nn.Conv2d(opt.ndf * 8, 1, 4, 1, 0, bias=False), nn.Flatten(0),
).to(device)
netG.apply(init_weights)
netD.apply(init_weights)

criterion = nn.BCEWithLogitsLoss()
fixed_noise = torch.randn(64, opt.nz, 1, 1, device=device)
optimizerD = optim.Adam(netD.parameters(), lr=2e-4, betas=(0.5, 0.999))
optimizerG = optim.Adam(netG.parameters(), lr=2e-4, betas=(0.5, 0.999))

for epoch in range(opt.niter):
    for i, (real, _) in enumerate(loader):
        real = real.to(device)
        ones = torch.ones(real.size(0), device=device)
        zeros = torch.zeros(real.size(0), device=device)

        # discriminator: real up, fake down
        netD.zero_grad()
        lossD_real = criterion(netD(real), ones)
        lossD_real.backward()
        fake = netG(torch.randn(real.size(0), opt.nz, 1, 1, device=device))
        lossD_fake = criterion(netD(fake.detach()), zeros)
        lossD_fake.backward()
        optimizerD.step()

        # generator: fool the discriminator
        netG.zero_grad()
        lossG = criterion(netD(fake), ones)
        lossG.backward()
        optimizerG.step()

        if i % 100 == 0:
            print('[%d/%d][%d/%d] D %.4f G %.4f' % (
                epoch, opt.niter, i, len(loader), (lossD_real + lossD_fake).item(), lossG.item()))
            with torch.no_grad():
                samples = netG(fixed_noise)
            save_image(samples, '%s/%03d_%05d.png' % (opt.out, epoch, i), normalize=True)
