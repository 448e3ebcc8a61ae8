"""Fills every pipe."""

while True:
    print("x" * 1000)
