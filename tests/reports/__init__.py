"""The report engine: what is counted, at which grain, for whom."""
