"""Puts another program into its place."""

import os
import sys

os.execv(sys.executable, [sys.executable, "-S", "-c", "print('begun', flush=True); open('marker.txt', 'w').write('x')\nwhile True: pass"])
