"""What only a run can show: the probe alone reports it."""
