"""What a report, a rule or the catalogue looks like to a reader: a person at a terminal, or a program."""
