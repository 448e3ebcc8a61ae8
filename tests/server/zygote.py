"""A server that has everything loaded and splits off a process for each session: starting one costs half a second, and tests need many.

It listens on the socket that it is given, and ends with whoever started it.
"""

import os
import select
import signal
import socket
import sys

from trainlint import check_text
from trainlint_server import __main__, server
from trainlint_server.features import code_actions

EXAMPLE = "import torch\nloss.backward()\n"


def main(path: str) -> None:
    """Splits off processes until standard input ends."""
    check_text(EXAMPLE)  # loads the parser, the abstract run and every rule
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        os.write(1, b"ready\n")
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                os.dup2(connection.fileno(), 0)
                os.dup2(connection.fileno(), 1)
                connection.close()
                sys.exit(__main__.main([]))
            connection.close()


_ = server, code_actions
if __name__ == "__main__":
    main(sys.argv[1])
