"""A call of a tool: on whose behalf, when it is run, and what comes of it."""
