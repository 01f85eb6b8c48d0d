"""What a server offers, whatever its kind."""
