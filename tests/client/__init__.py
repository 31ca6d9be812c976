"""Tests of the client for other programs."""
