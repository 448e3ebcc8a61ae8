"""Rules about what is minimized."""
