"""Measures what the platform promises. `make bench`, or `python -m benchmarks --help`."""
