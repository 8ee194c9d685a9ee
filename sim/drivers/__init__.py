"""Drivers: one world day by day under Mesa, many worlds in one compiled kernel."""
