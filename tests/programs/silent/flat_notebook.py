# %% [markdown]
# # Iris-like flowers, explored cell by cell

# %%
import torch
import torch.nn as nn

torch.manual_seed(42)

# %%
# Four measurements, three kinds of flower
centres = torch.tensor([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
y = torch.arange(3).repeat(50)
X = centres[y] + 0.3 * torch.randn(150, 4)
perm = torch.randperm(150)
train_idx, test_idx = perm[:120], perm[120:]

# %%
# standardise with the statistics of the training part
mean, std = X[train_idx].mean(0), X[train_idx].std(0)
X_train, y_train = (X[train_idx] - mean) / std, y[train_idx]
X_test, y_test = (X[test_idx] - mean) / std, y[test_idx]

# %%
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 3))
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters(), lr=0.01)

# %%
# What does it say before training?
print(loss_fn(net(X_train), y_train).item(), "should be near", torch.log(torch.tensor(3.0)).item())

# %%
# A single step, to see that the gradients arrive
opt.zero_grad()
first = loss_fn(net(X_train), y_train)
first.backward()
for name, p in net.named_parameters():
    print(name, tuple(p.shape), p.grad.norm().item())
opt.step()

# %%
# full-batch training
history = []
for epoch in range(100):
    opt.zero_grad()
    loss = loss_fn(net(X_train), y_train)
    loss.backward()
    opt.step()
    history.append(loss.item())
print(history[0], "->", history[-1])

# %%
net.eval()
with torch.no_grad():
    pred = net(X_test).argmax(1)
print("accuracy", (pred == y_test).float().mean().item())
confusion = torch.zeros(3, 3, dtype=torch.long)
for t, p in zip(y_test, pred):
    confusion[t, p] += 1
print(confusion)

# %%
# a little more training, with a smaller step
net.train()
opt = torch.optim.Adam(net.parameters(), lr=0.001)
for epoch in range(50):
    opt.zero_grad()
    loss = loss_fn(net(X_train), y_train)
    loss.backward()
    opt.step()
print(loss.item())
