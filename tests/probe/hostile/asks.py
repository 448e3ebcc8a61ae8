"""Waits for someone to answer."""

print(input("continue? "))
