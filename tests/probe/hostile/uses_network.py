"""Connects, looks up and downloads, and speaks with itself."""

import socket
import threading
import urllib.request


def attempt(name, what):
    try:
        what()
    except OSError as error:
        print(name, "refused:", type(error).__name__)
    else:
        print(name, "done")


attempt("connect", lambda: socket.create_connection(("192.0.2.1", 80), timeout=2))
attempt("look-up", lambda: socket.getaddrinfo("example.com", 80))
attempt("download", lambda: urllib.request.urlopen("http://example.com/", timeout=2))
attempt("datagram", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)))

server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
threading.Thread(target=lambda: server.accept()[0].sendall(b"hello"), daemon=True).start()
with socket.create_connection(server.getsockname(), timeout=2) as own:
    print("own", own.recv(5))
