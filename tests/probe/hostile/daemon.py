"""Leaves a process behind that has nothing to do with its parent any more."""

import os
import time

marker = os.path.join(os.path.dirname(os.path.abspath(__file__)), "marker.txt")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            with open(marker, "a") as file:
                file.write("still here\n")
            time.sleep(0.01)
    os._exit(0)
time.sleep(0.2)
print("parent is done")
