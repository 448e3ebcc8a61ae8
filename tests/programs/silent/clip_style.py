"""Contrastive image-text pairs, symmetric cross-entropy with a learnt temperature."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)
W_img, W_txt = torch.randn(6, 3 * 8 * 8), torch.randint(1, 50, (6, 5))


def pairs(n):
    z = torch.randn(n, 6)
    img = (z @ W_img).view(n, 3, 8, 8) / 6 ** 0.5 + 0.3 * torch.randn(n, 3, 8, 8)
    txt = W_txt[z.argmax(1)] + (torch.rand(n, 5) < 0.1).long()
    return img, txt


class CLIP(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.visual = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(256, d))
        self.token_embedding = nn.Embedding(60, 32)
        self.text_projection = nn.Linear(32, d)
        self.logit_scale = nn.Parameter(torch.ones([]) * np.log(1 / 0.07))

    def forward(self, image, text):
        i = F.normalize(self.visual(image), dim=-1)
        t = F.normalize(self.text_projection(self.token_embedding(text).mean(1)), dim=-1)
        logits = self.logit_scale.exp() * i @ t.t()
        return logits, logits.t()


model = CLIP()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
for step in range(120):
    img, txt = pairs(32)
    li, lt = model(img, txt)
    labels = torch.arange(len(img))
    loss = (F.cross_entropy(li, labels) + F.cross_entropy(lt, labels)) / 2
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        model.logit_scale.clamp_(0, np.log(100))
    if step % 20 == 0:
        model.eval()
        with torch.no_grad():
            li, _ = model(*pairs(32))
            print(step, loss.item(), (li.argmax(1) == labels).float().mean().item())
        model.train()
