"""When the assistant fetches a person, and why."""
