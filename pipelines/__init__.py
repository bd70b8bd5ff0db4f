"""What runs: read, learn, score, publish. The only place where everything meets."""
