"""Fails in the middle."""


def step(number):
    if number == 7:
        raise ValueError(f"no step {number}")


for number in range(40):
    step(number)
