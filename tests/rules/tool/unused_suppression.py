# --- a row of its own is about the statement below it
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        # trainlint: ignore[TL501] on purpose
        optimizer.step()
# --- a statement of several rows, the comment at any of them
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step(
            # nothing
        )  # trainlint: ignore[stale-gradients]
# --- names, prefixes, spaces, capitals
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  #trainlint:ignore[ tl5 ]
# --- what suppresses one rule is of use although it names two
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # trainlint: ignore[TL501, TL302]  # expect: unused-suppression
# --- noqa: other linters' codes are their own affair
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # noqa: E501, TL501
    print(x)  # noqa: E501
    print(y)  # noqa: TL501, T201  # expect: unused-suppression
    print(x, y)  # noqa
# --- a bare noqa suppresses everything in its statement
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # NOQA
# --- noqa of another code suppresses nothing of ours
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # noqa: E501
# --- the whole file
# trainlint: file-ignore[TL501] gradients are summed on purpose everywhere
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
# --- the whole file, for nothing
# trainlint: file-ignore[TL302]  # expect: unused-suppression
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
# --- from disable to enable
import torch

# trainlint: disable[TL501]
def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
# trainlint: enable[TL501]

def train_again(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
# --- a disable ends with its block
import torch

def train(model, loader, optimizer):
    # trainlint: disable
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

def train_again(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
# --- a comment at the evidence is a comment at the finding
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()  # trainlint: ignore[TL501]
        optimizer.step()
# --- what stands in a string is no comment
import torch

NOTE = "# trainlint: ignore[TL501]"
TEXT = """
# trainlint: file-ignore[TL501]
# trainlint: disable
"""

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step(); note = "# noqa"
# --- a word that is no rule
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()  # trainlint: ignore[TL501, TL5O1]  # expect: unused-suppression
# --- a loop that cannot be read hides what a comment is for
import torch

def train(model, loader, optimizer):
    for x, y in loader
        optimizer.step()  # trainlint: ignore[TL501]
