"""Policy gradient with returns normalised per episode."""
import torch
import torch.nn as nn
import torch.optim as optim
from torch.distributions import Categorical


class Env:
    def __init__(self, seed=0):
        self.gen = torch.Generator().manual_seed(seed)

    def reset(self):
        self.t = 0
        self.state = torch.randn(4, generator=self.gen)
        return self.state

    def step(self, action):
        reward = 1.0 if (self.state[0] > 0) == bool(action) else 0.0
        self.t += 1
        self.state = torch.randn(4, generator=self.gen)
        return self.state, reward, self.t >= 20


class Policy(nn.Module):
    def __init__(self):
        super(Policy, self).__init__()
        self.affine1 = nn.Linear(4, 64)
        self.dropout = nn.Dropout(p=0.1)
        self.affine2 = nn.Linear(64, 2)
        self.saved_log_probs = []
        self.rewards = []

    def forward(self, x):
        x = torch.relu(self.dropout(self.affine1(x)))
        return torch.softmax(self.affine2(x), dim=-1)


policy = Policy()
optimizer = optim.Adam(policy.parameters(), lr=1e-2)


def select_action(state):
    probs = policy(state.unsqueeze(0))
    m = Categorical(probs)
    action = m.sample()
    policy.saved_log_probs.append(m.log_prob(action))
    return action.item()


def finish_episode(gamma=0.9):
    R = 0
    policy_loss = []
    returns = []
    for r in policy.rewards[::-1]:
        R = r + gamma * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + 1e-8)
    for log_prob, ret in zip(policy.saved_log_probs, returns):
        policy_loss.append(-log_prob * ret)
    optimizer.zero_grad()
    policy_loss = torch.cat(policy_loss).sum()
    policy_loss.backward()
    optimizer.step()
    del policy.rewards[:]
    del policy.saved_log_probs[:]


def main():
    torch.manual_seed(0)
    env = Env()
    running_reward = 10.0
    for i_episode in range(12):
        state, done, ep_reward = env.reset(), False, 0.0
        while not done:
            state, reward, done = env.step(select_action(state))
            policy.rewards.append(reward)
            ep_reward += reward
        running_reward = 0.1 * ep_reward + 0.9 * running_reward
        finish_episode()
        if i_episode % 4 == 0:
            print('episode {}\tlast {:.2f}\taverage {:.2f}'.format(i_episode, ep_reward, running_reward))


if __name__ == '__main__':
    main()
