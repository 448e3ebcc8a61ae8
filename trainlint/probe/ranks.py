"""A probe that a launcher such as `torchrun` has started once for each process: the first runs the program, as a world of one.

What the processes would tell each other goes through the network, which a contained program has not; and what one of them does in a
step is what each does. So the first reports, and the others have nothing to do.
"""

from collections.abc import Mapping

_WORLD = {"WORLD_SIZE": "1", "RANK": "0", "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "1", "GROUP_RANK": "0", "ROLE_RANK": "0"}
_MEETING = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500", "ROLE_WORLD_SIZE": "1", "GROUP_WORLD_SIZE": "1"}


def is_first(environment: Mapping[str, str]) -> bool:
    """Whether this process is the one that reports."""
    return environment.get("RANK", "0") == "0"


def world_size(environment: Mapping[str, str]) -> int:
    """How many processes the launcher has started; 1 where there is no launcher."""
    size = environment.get("WORLD_SIZE", "1")
    return int(size) if size.isdecimal() and "RANK" in environment else 1


def alone(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which the program is all of its world."""
    if world_size(environment) < 2:
        return dict(environment)
    kept = {name: value for name, value in environment.items() if not name.startswith("TORCHELASTIC_")}
    return {**kept, **_WORLD, **_MEETING}
