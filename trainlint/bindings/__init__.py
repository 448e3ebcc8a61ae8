"""What names mean: the modules of a workspace, and how code uses the values that it is given."""
