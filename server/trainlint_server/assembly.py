"""A server as it is started: with every feature."""

import logging

from trainlint_server.features import code_actions, diagnostics, hover, synchronization
from trainlint_server.server import Server


def build() -> Server:
    """A server with all its features."""
    logging.getLogger("pygls").setLevel(logging.ERROR)  # it logs every message, and warns of cancellations that come after the answer
    server = Server()
    for feature in (synchronization, diagnostics, hover, code_actions):
        feature.register(server)
    return server
