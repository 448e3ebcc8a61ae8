"""What trainlint says about its own work."""
