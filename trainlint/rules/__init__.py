"""One file per rule, in folders by the stage of the training program that the rule is about."""
