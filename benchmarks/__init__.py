"""Speed and memory against named peers; every figure of the README comes from here."""
