"""One's own account: profile, sessions, and the API about oneself."""
