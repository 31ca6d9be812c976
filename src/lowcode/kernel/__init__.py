"""What the six engines share; it knows none of them by name."""
