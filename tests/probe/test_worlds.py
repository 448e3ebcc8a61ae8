"""Programs that start the processes of their training themselves."""

from pathlib import Path

from tests.probe.runs import confirmed, probed_text

SPAWNS = """\
import os
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler


def worker(rank, world_size, epochs):
    os.environ["MASTER_ADDR"], os.environ["MASTER_PORT"] = "10.1.2.3", "12355"
    dist.init_process_group("nccl", rank=rank, world_size=world_size)
    torch.cuda.set_device(rank)
    data = TensorDataset(torch.randn(320, 6), torch.randint(0, 3, (320,)))
    sampler = DistributedSampler(data, num_replicas=world_size, rank=rank)
    model = DDP(nn.Linear(6, 3).cuda(rank), device_ids=[rank])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(epochs):
        sampler.set_epoch(epoch)
        for x, y in DataLoader(data, batch_size=16, sampler=sampler):
            loss = nn.functional.cross_entropy(model(x.cuda(rank)).softmax(1), y.cuda(rank))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    dist.destroy_process_group()


if __name__ == "__main__":
    mp.spawn(worker, args=(4, 5), nprocs=4, join=True)
"""


def test_the_first_of_spawned_processes_is_watched(tmp_path: Path) -> None:
    """It meets nobody at the address that the program names, and says that it was alone."""
    report = probed_text(tmp_path, SPAWNS)
    assert report.steps == 12
    row = SPAWNS[: SPAWNS.index("softmax")].count("\n") + 1
    assert confirmed(report) == {(row, "softmax-before-cross-entropy")}
    assert any(note.startswith("the first of 4 processes ran alone") for note in report.notes)
