import torch, torch.nn as nn
torch.manual_seed(0)
netD = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
netG = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
optD, optG = torch.optim.RMSprop(netD.parameters(), lr=5e-4), torch.optim.RMSprop(netG.parameters(), lr=5e-4)
one = torch.tensor(1.0); mone = -one
data = torch.randn(2000, 2) @ torch.tensor([[1.0, 0.8], [0.0, 0.3]]) + 1
for it in range(40):
    for p in netD.parameters(): p.requires_grad = True
    for _ in range(5):
        for p in netD.parameters(): p.data.clamp_(-0.05, 0.05)
        netD.zero_grad()
        errR = netD(data[torch.randint(0, 2000, (64,))]).mean(); errR.backward(mone)
        with torch.no_grad(): fake = netG(torch.randn(64, 4))
        errF = netD(fake).mean(); errF.backward(one)
        optD.step()
    for p in netD.parameters(): p.requires_grad = False
    netG.zero_grad()
    errG = netD(netG(torch.randn(64, 4))).mean(); errG.backward(mone)
    optG.step()
    if it % 10 == 0: print(it, (errR - errF).item(), errG.item())
