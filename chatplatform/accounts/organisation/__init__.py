"""Departments, positions and usage for those who look after them; seats of the plan."""
