"""Writes relative, absolute, into the temporary folder, into the home, and reads back what it wrote."""

import json
import os
import pathlib
import shutil
import sqlite3
import tempfile

here = pathlib.Path(__file__).resolve().parent
print(sorted(os.listdir(here)))
with open("relative.txt", "w") as file:
    file.write("one")
with open("relative.txt", "a") as file:
    file.write(" two")
assert open("relative.txt").read() == "one two"
assert os.path.exists("relative.txt") and os.path.getsize("relative.txt") == 7

with open(here / "data.txt", "a") as file:
    file.write("more")
assert (here / "data.txt").read_text() == "datamore", (here / "data.txt").read_text()
with open(here / "kept.txt", "r+") as file:
    file.write("K")
assert (here / "kept.txt").read_text() == "Kept"

os.makedirs(here / "runs" / "1" / "logs")
os.makedirs("runs/1/logs", exist_ok=True)
(here / "runs" / "1" / "config.json").write_text(json.dumps({"lr": 0.1}))
assert json.loads(pathlib.Path("runs/1/config.json").read_text()) == {"lr": 0.1}
assert os.listdir("runs/1") == ["config.json", "logs"] or sorted(os.listdir("runs/1")) == ["config.json", "logs"]
assert [path.name for path in pathlib.Path("runs/1").glob("*.json")] == ["config.json"]
assert sorted(entry.name for entry in os.scandir(here / "runs" / "1") if entry.is_dir()) == ["logs"]

temporary = here / "runs" / "last.tmp"
temporary.write_bytes(b"weights")
os.replace(temporary, here / "runs" / "last.pt")
assert (here / "runs" / "last.pt").read_bytes() == b"weights" and not temporary.exists()
os.remove(here / "runs" / "last.pt")
assert not os.path.exists(here / "runs" / "last.pt")
shutil.copy(here / "data.txt", here / "runs" / "data.txt")
os.symlink("data.txt", here / "runs" / "link.txt")
assert (here / "runs" / "link.txt").read_text() == "datamore"
shutil.rmtree(here / "runs" / "1")
assert not (here / "runs" / "1").exists()

(pathlib.Path.home() / "trainlint-test-home.txt").write_text("home")
pathlib.Path("/tmp/trainlint-test-tmp.txt").write_text("tmp")
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "x").write_text("x")
with tempfile.NamedTemporaryFile("w") as file:
    file.write("x")

os.mkdir("workdir")
os.chdir("workdir")
assert os.getcwd() == str(here / "workdir"), os.getcwd()
open("inside.txt", "w").write("inside")
assert pathlib.Path("../workdir/inside.txt").read_text() == "inside"
assert pathlib.Path("../kept.txt").read_text() == "Kept"
assert os.path.abspath("inside.txt") == str(here / "workdir" / "inside.txt")
os.chdir("..")
try:
    open("no/such/folder/file.txt", "w")
except FileNotFoundError:
    pass
else:
    raise AssertionError
try:
    sqlite3.connect(here / "results.db").execute("create table t(x)")
except PermissionError:
    pass
print("all written")
