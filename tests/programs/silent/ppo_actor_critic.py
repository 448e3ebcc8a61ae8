"""PPO on a one-dimensional point mass with a Gaussian policy."""
import torch
import torch.nn as nn
from torch.distributions import Normal

torch.manual_seed(0)


def layer(i, o, std=2 ** 0.5):
    l = nn.Linear(i, o)
    nn.init.orthogonal_(l.weight, std)
    nn.init.constant_(l.bias, 0.0)
    return l


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.critic = nn.Sequential(layer(2, 64), nn.Tanh(), layer(64, 64), nn.Tanh(), layer(64, 1, 1.0))
        self.actor_mean = nn.Sequential(layer(2, 64), nn.Tanh(), layer(64, 64), nn.Tanh(), layer(64, 1, 0.01))
        self.actor_logstd = nn.Parameter(torch.zeros(1, 1))

    def get_value(self, x):
        return self.critic(x)

    def get_action_and_value(self, x, action=None):
        mean = self.actor_mean(x)
        dist = Normal(mean, self.actor_logstd.expand_as(mean).exp())
        if action is None:
            action = dist.sample()
        return action, dist.log_prob(action).sum(1), dist.entropy().sum(1), self.critic(x)


agent = Agent()
optimizer = torch.optim.Adam(agent.parameters(), lr=3e-4, eps=1e-5)
n_envs, n_steps = 8, 32
state = torch.randn(n_envs, 2)
for update in range(6):
    obs, acts, logps, rews, vals = [], [], [], [], []
    for _ in range(n_steps):
        with torch.no_grad():
            a, lp, _, v = agent.get_action_and_value(state)
        obs.append(state); acts.append(a); logps.append(lp); vals.append(v.flatten())
        pos, vel = state[:, 0] + 0.1 * state[:, 1], 0.95 * state[:, 1] + 0.1 * a[:, 0].clamp(-1, 1)
        state = torch.stack([pos, vel], 1)
        rews.append(-(pos ** 2) - 0.1 * vel ** 2)
    with torch.no_grad():
        nxt = agent.get_value(state).flatten()
        adv, last = [], 0
        for t in reversed(range(n_steps)):
            delta = rews[t] + 0.99 * (nxt if t == n_steps - 1 else vals[t + 1]) - vals[t]
            last = delta + 0.99 * 0.95 * last
            adv.insert(0, last)
        adv = torch.stack(adv)
        ret = adv + torch.stack(vals)
    b_obs, b_act, b_lp, b_adv, b_ret = torch.cat(obs), torch.cat(acts), torch.cat(logps), adv.flatten(), ret.flatten()
    for _ in range(4):
        for mb in torch.randperm(n_envs * n_steps).split(64):
            _, lp, ent, v = agent.get_action_and_value(b_obs[mb], b_act[mb])
            ratio = (lp - b_lp[mb]).exp()
            a = (b_adv[mb] - b_adv[mb].mean()) / (b_adv[mb].std() + 1e-8)
            pg = torch.max(-a * ratio, -a * ratio.clamp(0.8, 1.2)).mean()
            vloss = 0.5 * ((v.view(-1) - b_ret[mb]) ** 2).mean()
            loss = pg - 0.0 * ent.mean() + 0.5 * vloss
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            optimizer.step()
    print(update, torch.stack(rews).mean().item(), loss.item())
