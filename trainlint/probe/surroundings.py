"""What was replaced or refused in a run, in words: equal things once, with how often and where."""

from collections.abc import Iterable
from pathlib import Path

from trainlint.observations import Incident
from trainlint.probe.sources import row_of

_MOST_PLACES = 3


def in_words(incidents: Iterable[Incident]) -> tuple[tuple[str, str], ...]:
    """Kind and words of each, in the order in which they first occurred."""
    together: dict[tuple[str, str], list[Incident]] = {}
    for incident in incidents:
        together.setdefault((incident.kind, incident.what), []).append(incident)
    return tuple((kind, _words(what, same)) for (kind, what), same in together.items())


def _words(what: str, same: list[Incident]) -> str:
    times = sum(incident.count for incident in same)
    places = dict.fromkeys(
        row_of(incident.place) for incident in same if incident.place is not None and Path(incident.place.path).is_file()
    )
    shown = [*places][:_MOST_PLACES] + ["…"] * (len(places) > _MOST_PLACES)
    told = [f"{times} times"] * (times > 1) + ([f"at {', '.join(shown)}"] if shown else [])
    return f"{what} ({', '.join(told)})" if told else what
