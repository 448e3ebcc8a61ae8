# --- an LSTM, plain SGD with a large step
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(8, 16, batch_first=True)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


net = Tagger()
opt = torch.optim.SGD(net.parameters(), lr=1.0)
for _ in range(5):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(torch.randn(4, 20, 8)), torch.randint(0, 3, (4,)))
    loss.backward()
    opt.step()  # expect: missing-gradient-clipping
# --- a GRU with Adam: advice only
import torch
from torch import nn

rnn, head = nn.GRU(8, 16), nn.Linear(16, 1)
opt = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr=1e-3)
for _ in range(5):
    states, _ = rnn(torch.randn(20, 4, 8))
    loss = head(states[-1]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()  # expect: missing-gradient-clipping
# --- clipped by norm, under another name
import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_ as limit

rnn, head = nn.GRU(8, 16), nn.Linear(16, 1)
params = [*rnn.parameters(), *head.parameters()]
opt = torch.optim.SGD(params, lr=1.0)
for _ in range(5):
    loss = head(rnn(torch.randn(20, 4, 8))[0][-1]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    limit(params, 1.0)
    opt.step()
# --- clipped by value, in a method of the trainer
import torch
from torch import nn


class Trainer:
    def __init__(self, net, clip):
        self.net, self.clip = net, clip
        self.opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)

    def clip_gradients(self):
        torch.nn.utils.clip_grad_value_(self.net.parameters(), self.clip)

    def step(self, x):
        self.opt.zero_grad()
        self.net(x)[0].pow(2).mean().backward()
        self.clip_gradients()
        self.opt.step()


trainer = Trainer(nn.LSTM(4, 4), 0.5)
for _ in range(5):
    trainer.step(torch.randn(10, 2, 4))
# --- the clip sits behind an option
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--clip", type=float, default=0.0)
args = parser.parse_args([])
rnn = nn.LSTM(4, 4)
opt = torch.optim.SGD(rnn.parameters(), lr=0.5)
for _ in range(5):
    opt.zero_grad()
    rnn(torch.randn(10, 2, 4))[0].pow(2).mean().backward()
    if args.clip > 0:
        nn.utils.clip_grad_norm_(rnn.parameters(), args.clip)
    opt.step()
# --- small networks without recurrence need none
import torch
from torch import nn

mlp = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
cnn = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))
slow = torch.optim.Adam(mlp.parameters(), lr=1e-3)
fast = torch.optim.SGD(cnn.parameters(), lr=0.1, momentum=0.9)
for _ in range(5):
    y = torch.randint(0, 3, (4,))
    slow.zero_grad()
    nn.functional.cross_entropy(mlp(torch.randn(4, 8)), y).backward()
    slow.step()
    fast.zero_grad()
    nn.functional.cross_entropy(cnn(torch.randn(4, 3, 8, 8)), y).backward()
    fast.step()
# --- a transformer from scratch
import torch
from torch import nn

layer = nn.TransformerEncoderLayer(d_model=16, nhead=2, dim_feedforward=32, batch_first=True)
encoder = nn.TransformerEncoder(layer, num_layers=2)
head = nn.Linear(16, 4)
opt = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=3e-4)
for _ in range(5):
    logits = head(encoder(torch.randn(4, 12, 16)).mean(1))
    loss = nn.functional.cross_entropy(logits, torch.randint(0, 4, (4,)))
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()  # expect: missing-gradient-clipping
# --- fine-tuning a pretrained transformer
import torch
from torch.utils.data import DataLoader
from transformers import AutoModelForSequenceClassification

from project.corpus import encoded_reviews

model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=2)
opt = torch.optim.AdamW(model.parameters(), lr=2e-5)
model.train()
for batch in DataLoader(encoded_reviews(), batch_size=16, shuffle=True):
    opt.zero_grad()
    model(**batch).loss.backward()
    opt.step()
# --- fp16 scaling of an attention network
import torch
from torch import nn
from torch.cuda.amp import GradScaler, autocast


class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(32, 4, batch_first=True)
        self.out = nn.Linear(32, 2)

    def forward(self, x):
        return self.out(self.att(x, x, x, need_weights=False)[0].mean(1))


net = Attend().cuda()
opt = torch.optim.Adam(net.parameters(), lr=1e-4)
scaler = GradScaler()
for _ in range(5):
    opt.zero_grad()
    with autocast():
        loss = nn.functional.cross_entropy(net(torch.randn(4, 6, 32).cuda()), torch.randint(0, 2, (4,)).cuda())
    scaler.scale(loss).backward()
    scaler.step(opt)  # expect: missing-gradient-clipping
    scaler.update()
# --- fp16 scaling of a convolutional network: advice only
import torch
from torch import nn
from torch.cuda.amp import GradScaler, autocast

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 36, 2)).cuda()
opt = torch.optim.SGD(net.parameters(), lr=0.01)
scaler = GradScaler()
for _ in range(5):
    opt.zero_grad()
    with autocast():
        loss = nn.functional.cross_entropy(net(torch.randn(4, 3, 8, 8).cuda()), torch.randint(0, 2, (4,)).cuda())
    scaler.scale(loss).backward()
    scaler.step(opt)  # expect: missing-gradient-clipping
    scaler.update()
# --- bf16 needs no scaling
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 36, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(5):
    opt.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = nn.functional.cross_entropy(net(torch.randn(4, 3, 8, 8)), torch.randint(0, 2, (4,)))
    loss.backward()
    opt.step()
# --- fp16 scaling, unscaled and clipped
import torch
from torch import nn

net = nn.LSTM(8, 8).cuda()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
scaler = torch.amp.GradScaler("cuda")
for _ in range(5):
    opt.zero_grad()
    with torch.autocast("cuda", dtype=torch.float16):
        loss = net(torch.randn(10, 2, 8, device="cuda"))[0].pow(2).mean()
    scaler.scale(loss).backward()
    scaler.unscale_(opt)
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    scaler.step(opt)
    scaler.update()
# --- one weight matrix applied thirty times
import torch
from torch import nn


class Unrolled(nn.Module):
    def __init__(self, steps=30):
        super().__init__()
        self.steps = steps
        self.enter, self.again, self.leave = nn.Linear(4, 16), nn.Linear(16, 16), nn.Linear(16, 1)

    def forward(self, x):
        h = torch.tanh(self.enter(x))
        for _ in range(self.steps):
            h = torch.relu(self.again(h))
        return self.leave(h)


net = Unrolled()
opt = torch.optim.SGD(net.parameters(), lr=0.2)
for _ in range(5):
    loss = nn.functional.mse_loss(net(torch.randn(8, 4)), torch.randn(8, 1))
    opt.zero_grad()
    loss.backward()
    opt.step()  # expect: missing-gradient-clipping
# --- a deep plain network with a very large step
import torch
from torch import nn

layers = [nn.Linear(8, 32), nn.ReLU()]
for _ in range(24):
    layers += [nn.Linear(32, 32), nn.ReLU()]
net = nn.Sequential(*layers, nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=1.0)
for _ in range(5):
    opt.zero_grad()
    nn.functional.mse_loss(net(torch.randn(16, 8)), torch.randn(16, 1)).backward()
    opt.step()  # expect: missing-gradient-clipping
# --- gradients clamped by hooks, or by hand
import torch
from torch import nn

hooked, by_hand = nn.LSTM(4, 4), nn.LSTM(4, 4)
for p in hooked.parameters():
    p.register_hook(lambda g: g.clamp(-1.0, 1.0))
a = torch.optim.SGD(hooked.parameters(), lr=0.5)
b = torch.optim.SGD(by_hand.parameters(), lr=0.5)
for _ in range(5):
    x = torch.randn(10, 2, 4)
    a.zero_grad()
    hooked(x)[0].pow(2).mean().backward()
    a.step()
    b.zero_grad()
    by_hand(x)[0].pow(2).mean().backward()
    for p in by_hand.parameters():
        p.grad.data.clamp_(-1.0, 1.0)
    b.step()
# --- Lightning clips
import lightning as L
import torch
from torch import nn

from project.corpus import Sequences


class Model(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(8, 8, batch_first=True)
        self.out = nn.Linear(8, 2)

    def training_step(self, batch, batch_idx):
        x, y = batch
        return nn.functional.cross_entropy(self.out(self.rnn(x)[0][:, -1]), y)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.5)


L.Trainer(max_epochs=3, gradient_clip_val=1.0).fit(Model(), torch.utils.data.DataLoader(Sequences(), 32, shuffle=True))
# --- transformers.Trainer clips by default
from transformers import AutoConfig, AutoModelForCausalLM, Trainer, TrainingArguments

from project.corpus import tokens

model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained("gpt2"))
args = TrainingArguments("out", learning_rate=5e-4, num_train_epochs=1, per_device_train_batch_size=8)
Trainer(model=model, args=args, train_dataset=tokens("train")).train()
# --- accelerate clips
import torch
from accelerate import Accelerator
from torch import nn

accelerator = Accelerator(mixed_precision="fp16")
net = nn.LSTM(8, 8)
opt = torch.optim.SGD(net.parameters(), lr=0.5)
net, opt = accelerator.prepare(net, opt)
for _ in range(5):
    loss = net(torch.randn(10, 2, 8, device=accelerator.device))[0].pow(2).mean()
    accelerator.backward(loss)
    accelerator.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    opt.zero_grad()
# --- DeepSpeed clips by its configuration
import deepspeed
import torch
from torch import nn

net = nn.LSTM(8, 8)
engine, _, _, _ = deepspeed.initialize(
    model=net, model_parameters=net.parameters(),
    config={"train_batch_size": 8, "gradient_clipping": 1.0, "optimizer": {"type": "Adam", "params": {"lr": 0.01}}},
)
for _ in range(5):
    loss = engine(torch.randn(10, 8, 8))[0].pow(2).mean()
    engine.backward(loss)
    engine.step()
# --- a scaler object of the project clips in its call
import torch
from project.scaler import ScaleAndStep
from torch import nn

net = nn.GRU(8, 8)
opt = torch.optim.SGD(net.parameters(), lr=0.5)
scale_and_step = ScaleAndStep()
for _ in range(5):
    opt.zero_grad()
    loss = net(torch.randn(10, 2, 8))[0].pow(2).mean()
    scale_and_step(loss, opt, clip_grad=1.0, parameters=net.parameters())
# --- an unseen helper gets the parameters before the step
import torch
from project.optimization import tame
from torch import nn

net = nn.GRU(8, 8)
opt = torch.optim.SGD(net.parameters(), lr=0.5)
for _ in range(5):
    opt.zero_grad()
    net(torch.randn(10, 2, 8))[0].pow(2).mean().backward()
    tame(net.parameters())
    opt.step()
# --- differential privacy clips each sample
import torch
from opacus import PrivacyEngine
from opacus.layers import DPLSTM
from project.corpus import sequence_loader
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = DPLSTM(8, 8, batch_first=True)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.5)
net, opt, loader = PrivacyEngine().make_private(
    module=net, optimizer=opt, data_loader=sequence_loader(), noise_multiplier=1.0, max_grad_norm=1.0
)
for x, y in loader:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- a gradient penalty bounds a recurrent critic
import torch
from torch import nn

critic, score = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 1)
opt = torch.optim.Adam([*critic.parameters(), *score.parameters()], lr=1e-4)
for _ in range(5):
    real, fake = torch.randn(4, 6, 4), torch.rand(4, 6, 4)
    mix = torch.lerp(real, fake, torch.rand(4, 1, 1)).requires_grad_()
    grad, = torch.autograd.grad(score(critic(mix)[0][:, -1]).sum(), mix, create_graph=True)
    penalty = (grad.flatten(1).norm(dim=1) - 1).pow(2).mean()
    loss = score(critic(fake)[0][:, -1]).mean() - score(critic(real)[0][:, -1]).mean() + 10 * penalty
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a function that nobody calls: what the model holds is not known
def fit(model, batches, optimizer, criterion):
    model.train()
    for x, y in batches:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
# --- a class that nobody builds, with a recurrent network of its own
import torch
from torch import nn


class SpeechTrainer:
    def __init__(self, n_mels, n_letters):
        self.encoder = nn.LSTM(n_mels, 64, num_layers=3, bidirectional=True)
        self.letters = nn.Linear(128, n_letters)
        self.ctc = nn.CTCLoss(blank=0)
        self.optimizer = torch.optim.Adam([*self.encoder.parameters(), *self.letters.parameters()], lr=1e-3)

    def train(self, batches):
        for mels, letters, mel_lengths, letter_lengths in batches:
            log_probs = self.letters(self.encoder(mels)[0]).log_softmax(-1)
            loss = self.ctc(log_probs, letters, mel_lengths, letter_lengths)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()  # expect: missing-gradient-clipping
# --- the recurrent part is frozen and runs without gradients
import torch
from torch import nn

encoder, head = nn.LSTM(8, 16), nn.Linear(16, 3)
encoder.requires_grad_(False)
opt = torch.optim.SGD(head.parameters(), lr=0.1)
for _ in range(5):
    with torch.no_grad():
        features = encoder(torch.randn(20, 4, 8))[0][-1]
    loss = nn.functional.cross_entropy(head(features), torch.randint(0, 3, (4,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- hooks that clip each gradient as it is computed
import torch
from torch import nn

lstm, head = nn.LSTM(8, 32, batch_first=True), nn.Linear(32, 2)
parameters = [*lstm.parameters(), *head.parameters()]
for parameter in parameters:
    parameter.register_hook(lambda gradient: gradient.clamp(-1, 1))
optimizer = torch.optim.SGD(parameters, lr=1.0)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(head(lstm(x)[0][:, -1]), y).backward()
    optimizer.step()
