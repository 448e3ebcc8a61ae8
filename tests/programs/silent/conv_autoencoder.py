import torch
import torch.nn as nn

torch.manual_seed(0)
base = torch.rand(4, 1, 16, 16).round()
x = (base[torch.randint(0, 4, (512,))] * 0.8 + 0.1 + 0.05 * torch.randn(512, 1, 16, 16)).clamp(0, 1)
dl = torch.utils.data.DataLoader(x, batch_size=32, shuffle=True)


class AE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 4, 3, 2, 1), nn.ReLU())
        self.dec = nn.Sequential(nn.ConvTranspose2d(4, 8, 2, 2), nn.ReLU(), nn.ConvTranspose2d(8, 1, 2, 2), nn.Sigmoid())

    def forward(self, x):
        return self.dec(self.enc(x))


ae = AE()
opt = torch.optim.Adam(ae.parameters(), lr=3e-3)
mse = nn.MSELoss()
for epoch in range(4):
    for img in dl:
        rec = ae(img)
        loss = mse(rec, img)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("epoch %d loss %.4f" % (epoch, loss.item()))
