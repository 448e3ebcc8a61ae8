"""Forks until it cannot."""

import os
import time

print("begun", flush=True)
while True:
    try:
        os.fork()
    except OSError as error:
        print("stopped by", type(error).__name__, flush=True)
        time.sleep(0.05)
        raise SystemExit(5)
