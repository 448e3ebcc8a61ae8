"""What the user has set: in `pyproject.toml`, in `trainlint.toml`, on the command line."""
