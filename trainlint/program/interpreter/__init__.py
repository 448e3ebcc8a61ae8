"""The abstract run: plays a program on abstract values and records what happens."""
