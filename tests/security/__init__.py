"""Nobody is let in: what a person may not read appears nowhere, and whoever is nobody gets no further than the door."""
