"""Is done, and does not end: threads go on, what is to happen at the end goes on, and signals are ignored."""

import atexit
import signal
import threading
import time


def forever():
    while True:
        time.sleep(0.01)


for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
for _ in range(4):
    threading.Thread(target=forever).start()
atexit.register(forever)
print("begun", flush=True)
