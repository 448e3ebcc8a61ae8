"""Stand-ins for what a program wants and this machine has not: modules, data, weights, a GPU.

Each use is an incident, so that the report can say it: `stand-in module`, `stand-in data`, `stand-in device`. What depends on the
data cannot be judged once there is a `stand-in data`.
"""
