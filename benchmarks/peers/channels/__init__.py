"""A plain Channels consumer on daphne, over channels_redis' pub/sub layer."""
