"""Rules about how a network is judged."""
