"""Writes without Python seeing it."""

import ctypes
import os

libc = ctypes.CDLL(None)
for name in (b"past.txt", b"data.txt"):
    descriptor = libc.open(name, os.O_CREAT | os.O_WRONLY, 0o644)
    print(name.decode(), "done" if descriptor >= 0 and libc.write(descriptor, b"xxxx", 4) == 4 else "refused")
