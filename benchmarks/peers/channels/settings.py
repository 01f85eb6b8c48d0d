"""The least that Channels needs."""

import os

SECRET_KEY = "benchmark"  # noqa: S105 - nothing is signed with it
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["channels"]
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ["BENCHMARK_REDIS"]]},
    }
}
