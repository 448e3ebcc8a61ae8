"""From bytes to a run's raw material: files are read, cut into chunks, parsed and lowered to the forms of `ir`."""
