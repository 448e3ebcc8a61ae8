# --- albumentations after a scaling, v2, nested pipelines, a division in a loop
import albumentations as A
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import v2, Compose, Normalize, ToTensor

stats = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375])
nested = Compose([Compose([ToTensor()]), Normalize(**stats)])  # expect: misordered-transforms
modern = v2.Compose([v2.Normalize([0.5], [0.5]), v2.ToTensor()])  # expect: misordered-transforms
twice = A.Compose([A.ToFloat(max_value=255), A.Normalize()])  # expect: misordered-transforms

net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in DataLoader(datasets.MNIST(".", transform=ToTensor()), batch_size=8, shuffle=True):
    x = x / 255.0  # expect: misordered-transforms
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the right order, back to 255 on purpose, an image in between, steps that are not known
import albumentations as A
from torchvision import transforms

good = transforms.Compose([transforms.Resize(224), transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
caffe = transforms.Compose([
    transforms.ToTensor(),
    transforms.Lambda(lambda x: x.mul(255)),
    transforms.Normalize((103.939, 116.779, 123.68), (1, 1, 1)),
])
images = transforms.Compose([transforms.Normalize((0.5,), (0.5,)), transforms.ToPILImage(), transforms.ToTensor()])
plain = A.Compose([A.HorizontalFlip(), A.Normalize()])
scaled = A.Compose([A.ToFloat(), A.Normalize(max_pixel_value=1.0)])
tensor = transforms.ToTensor()


def show(image):
    x = tensor(image) * 255
    return x / 255
# --- masks and other tensors whose scale is not known
import torch


def scale(image, mask):
    return image / 255.0, torch.from_numpy(mask) / 255.0
