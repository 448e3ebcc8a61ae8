"""From a rule's cure to text: where statements stand, which names are at hand, and what an edited file says."""
