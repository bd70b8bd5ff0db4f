"""The verbs of the command line, one module per part of the story."""
