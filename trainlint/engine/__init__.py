"""From paths to a report: finds the files, selects the rules, runs them, sorts what they find."""
