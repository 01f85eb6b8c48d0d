"""Who calls: tokens, sessions, what a call may do, and how long a stream may stay."""
