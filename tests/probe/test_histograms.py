"""Counts of values whose range is not known beforehand."""


def test_every_value_is_counted_where_it_lies() -> None:
    """Whatever came first, each value is in the bin that its size belongs to."""
    import torch

    from trainlint.probe.agent.histograms import BINS, Histogram

    histogram, parts = Histogram(), [torch.zeros(3), torch.linspace(-1, 1, 500), torch.tensor([1000.0, -30.0])]
    for part in parts:
        histogram.add(part.double(), float(part.min()), float(part.max()))
    result = histogram.result()
    assert result is not None
    values, width = torch.cat(parts).double(), (result["end"] - result["start"]) / BINS
    assert sum(result["counts"]) == len(values)
    for number, count in enumerate(result["counts"]):
        low = result["start"] + number * width
        assert count == int(((values >= low) & (values < low + width)).sum())


def test_counting_goes_on_after_inference_mode() -> None:
    """What was counted inside the mode, with a range that grew there, is counted on outside of it."""
    import torch

    from trainlint.probe.agent.histograms import Histogram

    histogram = Histogram()
    histogram.add(torch.zeros(4), 0.0, 0.0)
    with torch.inference_mode():
        histogram.add(torch.full((4,), 50.0), 50.0, 50.0)
    histogram.add(torch.ones(4), 1.0, 1.0)
    counted = histogram.result()
    assert counted is not None
    assert sum(counted["counts"]) == 12
