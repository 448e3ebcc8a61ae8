"""Catches whatever can be caught, and goes on."""

import signal
import time


def ignore(number, frame):
    raise KeyboardInterrupt


for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
    signal.signal(number, ignore)
print("begun", flush=True)
while True:
    try:
        time.sleep(0.01)
        raise SystemExit(0)
    except BaseException:
        pass
