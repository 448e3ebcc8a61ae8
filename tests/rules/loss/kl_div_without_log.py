# --- through a class with its reduction, a name and a layer
import torch
from torch import nn

student, teacher = nn.Sequential(nn.Linear(8, 10), nn.Softmax(dim=1)), nn.Linear(8, 10)
criterion = nn.KLDivLoss(reduction="batchmean")
for _ in range(5):
    x = torch.randn(4, 8)
    with torch.no_grad():
        target = teacher(x).softmax(1)
    loss = criterion(student(x), target)  # expect: kl-div-without-log
    loss = loss + criterion(input=teacher(x), target=target)  # expect: kl-div-without-log
    loss.backward()
# --- a reduction of mean, written out, by default, in the constructor
import torch
import torch.nn.functional as F
from torch import nn

student = nn.Linear(8, 10)
criterion = nn.KLDivLoss()
for _ in range(5):
    x, target = torch.randn(4, 8), torch.rand(4, 10)
    log_p = F.log_softmax(student(x), dim=1)
    loss = F.kl_div(log_p, target)  # expect: kl-div-without-log
    loss = loss + F.kl_div(log_p, target, reduction="mean")  # expect: kl-div-without-log
    loss = loss + criterion(log_p, target)  # expect: kl-div-without-log
    loss.backward()
# --- logs, other reductions, settings that are not known
import torch
import torch.nn.functional as F
from torch import nn
from project import config

student = nn.Linear(8, 10)
for _ in range(5):
    x, target = torch.randn(4, 8), torch.rand(4, 10)
    log_p = F.log_softmax(student(x) / 4.0, dim=1)
    loss = F.kl_div(log_p, target, reduction="batchmean") + nn.KLDivLoss(reduction="sum")(log_p, target)
    loss = loss + F.kl_div(log_p, target, reduction="none").sum(1).mean()
    loss = loss + F.kl_div(log_p, target, size_average=False) + F.kl_div(log_p, target, reduction=config.reduction)
    loss = loss + F.kl_div((student(x).softmax(1) + 1e-9).log(), target, reduction="batchmean")
    loss.backward()
