# --- a statement that is being typed
import torch

for inputs, labels in loader:
    loss = criterion(model(inputs), labels) +  # expect: syntax-error
    loss.backward()
    optimizer.step()
# --- a bracket that is never closed is reported where it opens
import torch

model = torch.nn.Sequential(  # expect: syntax-error
    torch.nn.Linear(4, 2),

def train(model):
    pass
# --- only the first of several
import torch

print "loss", loss  # expect: syntax-error
accuracy = = 1
# --- in a function, in a class
import torch

class Net(torch.nn.Module):
    def forward(self, x):
        return self.layer(x  # expect: syntax-error
# --- indentation
import torch

if torch.cuda.is_available():
    device = "cuda"
      batch_size = 4  # expect: syntax-error
# --- commands of a notebook are none
%matplotlib inline
!pip install lightning
import torch

model = torch.nn.Linear(4, 2)
# --- a file without training code is not parsed
import json

print "hello"
