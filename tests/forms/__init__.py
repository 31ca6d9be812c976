"""The forms engine, asked through the host."""
