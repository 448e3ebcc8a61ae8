"""Changes files by every name that they have beside their own: descriptors, links, folders that are open."""

import os
import pathlib
import socket

here = os.path.dirname(os.path.abspath(__file__))
opened, folder = os.open("data.txt", os.O_RDONLY), os.open(here, os.O_RDONLY)
os.symlink(here, "through")
os.symlink(os.path.expanduser("~"), "home")
attempts = {
    "descriptor": lambda: pathlib.Path(f"/proc/self/fd/{opened}").write_text("gone"),
    "dev": lambda: pathlib.Path(f"/dev/fd/{opened}").write_text("gone"),
    "cwd": lambda: pathlib.Path("/proc/self/cwd/data.txt").write_text("gone"),
    "root": lambda: pathlib.Path(f"/proc/self/root{here}/data.txt").write_text("gone"),
    "link": lambda: pathlib.Path("through/kept.txt").write_text("gone"),
    "home": lambda: pathlib.Path("home/trainlint-test-link.txt").write_text("here"),
    "open": lambda: os.open("data.txt", os.O_WRONLY | os.O_TRUNC, dir_fd=folder),
    "unlink": lambda: os.unlink("kept.txt", dir_fd=folder),
    "mkdir": lambda: os.mkdir("new", dir_fd=folder),
    "fchmod": lambda: os.fchmod(folder, 0),
    "chmod": lambda: os.chmod(opened, 0),
    "mkfifo": lambda: os.mkfifo(os.path.join(here, "fifo")),
    "mknod": lambda: os.mknod("node"),
    "socket": lambda: socket.socket(socket.AF_UNIX).bind("socket"),
    "script": lambda: os.rename(__file__, os.path.join(here, "renamed.py")),
    "folder": lambda: os.rename(here, here + "2"),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except OSError as error:
        print(name, "refused:", error)
    else:
        print(name, "done")
print("/dev/null", open("/dev/null", "w").write("all tried"))
