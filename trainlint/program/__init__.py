"""The semantic model of a training program, and the questions that rules ask of it."""
