"""Who is here, and who takes work."""
