"""Rules about how parameters are moved."""
