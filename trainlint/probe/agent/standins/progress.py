"""tqdm, without a bar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class tqdm:  # noqa: N801 - as it is called
    """Iterates, counts, and shows nothing."""

    def __init__(
        self, iterable: Iterable[Any] | None = None, desc: str | None = None, total: float | None = None, *_: Any, **__: Any
    ) -> None:
        self.iterable = iterable
        self.desc = desc
        self.total = total if total is not None or not hasattr(iterable, "__len__") else len(iterable)  # type: ignore[arg-type]
        self.n = 0
        self.disable = False
        self.postfix: Any = None
        self.format_dict: dict[str, Any] = {"elapsed": 1e-9, "rate": None}

    def __iter__(self) -> Iterator[Any]:
        for entry in self.iterable or ():
            yield entry
            self.n += 1

    def __len__(self) -> int:
        return int(self.total or 0)

    def __enter__(self) -> tqdm:  # noqa: PYI034 - `Self` needs Python 3.11
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing is drawn."""

    def update(self, n: float = 1) -> None:
        """Counts."""
        self.n += int(n)

    def set_postfix(self, *_: Any, **values: Any) -> None:
        """Keeps what would be shown."""
        self.postfix = values

    def set_description(self, desc: str | None = None, **_: Any) -> None:
        """Keeps what would be shown."""
        self.desc = desc

    set_description_str = set_description

    def __getattr__(self, name: str) -> Any:
        """What else a bar can do is about how it looks."""
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None

    @staticmethod
    def write(text: str, *_: Any, **__: Any) -> None:
        """Prints."""
        print(text)  # noqa: T201 - what the program says


def trange(*numbers: int, **options: Any) -> tqdm:
    """`tqdm(range(…))`."""
    return tqdm(range(*numbers), **options)


tqdm_notebook = tqdm
tnrange = trange
