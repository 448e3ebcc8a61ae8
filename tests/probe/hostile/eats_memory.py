"""Holds ever more memory, and does not care that it is refused."""

held = []
while True:
    try:
        held.append(bytearray(16 << 20))
    except MemoryError:
        print("refused", flush=True)
        raise
