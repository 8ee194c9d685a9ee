"""Benchmarks: how fast the simulator is on this machine, each figure beside what it is compared with."""
