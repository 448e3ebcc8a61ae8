"""Deep Q-learning with a replay buffer and a target network on a small corridor world."""
import random
from collections import deque, namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

Transition = namedtuple('Transition', ('state', 'action', 'reward', 'next_state', 'done'))


class Corridor:
    """Walk right to the end of a corridor; every step costs a little."""

    def __init__(self, length=8):
        self.length = length

    def reset(self):
        self.pos, self.t = 0, 0
        return self.observe()

    def observe(self):
        return torch.tensor([self.pos / self.length, self.t / (4 * self.length)])

    def step(self, action):
        self.pos = max(0, self.pos + (1 if action == 1 else -1))
        self.t += 1
        done = self.pos == self.length or self.t >= 4 * self.length
        return self.observe(), (1.0 if self.pos == self.length else -0.01), done


class ReplayMemory:
    def __init__(self, capacity):
        self.memory = deque([], maxlen=capacity)

    def push(self, *args):
        self.memory.append(Transition(*args))

    def sample(self, n):
        return Transition(*zip(*random.sample(self.memory, n)))

    def __len__(self):
        return len(self.memory)


class QNetwork(nn.Module):
    def __init__(self, n_obs, n_actions):
        super().__init__()
        self.l1 = nn.Linear(n_obs, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, n_actions)

    def forward(self, x):
        x = F.relu(self.l1(x))
        x = F.relu(self.l2(x))
        return self.l3(x)


GAMMA, BATCH, SYNC_EVERY = 0.97, 32, 50
env = Corridor()
policy_net = QNetwork(2, 2)
target_net = QNetwork(2, 2)
target_net.load_state_dict(policy_net.state_dict())
target_net.eval()
optimizer = optim.AdamW(policy_net.parameters(), lr=1e-3, amsgrad=True)
memory = ReplayMemory(2000)


def select_action(state, eps):
    if random.random() < eps:
        return random.randrange(2)
    with torch.no_grad():
        return policy_net(state.unsqueeze(0)).argmax(1).item()


def optimize():
    if len(memory) < BATCH:
        return
    batch = memory.sample(BATCH)
    states = torch.stack(batch.state)
    actions = torch.tensor(batch.action).unsqueeze(1)
    rewards = torch.tensor(batch.reward)
    next_states = torch.stack(batch.next_state)
    alive = 1.0 - torch.tensor(batch.done, dtype=torch.float)

    q = policy_net(states).gather(1, actions).squeeze(1)
    with torch.no_grad():
        next_q = target_net(next_states).max(1).values
    expected = rewards + GAMMA * next_q * alive
    loss = F.smooth_l1_loss(q, expected)

    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(policy_net.parameters(), 100)
    optimizer.step()


steps = 0
for episode in range(15):
    state, done, ret = env.reset(), False, 0.0
    while not done:
        eps = max(0.05, 1.0 - steps / 300)
        action = select_action(state, eps)
        next_state, reward, done = env.step(action)
        memory.push(state, action, reward, next_state, done)
        state = next_state
        ret += reward
        steps += 1
        optimize()
        if steps % SYNC_EVERY == 0:
            target_net.load_state_dict(policy_net.state_dict())
    print('episode', episode, 'return %.2f' % ret)
