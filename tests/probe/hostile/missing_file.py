"""Wants what is not there."""

with open("measurements.csv") as file:
    print(file.read())
