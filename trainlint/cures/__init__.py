"""How a fault is cured, as rules state it: plain changes of a program, and recipes that several rules share."""
