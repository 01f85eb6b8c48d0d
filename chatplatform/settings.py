"""Django settings. Values come from the typed environment (env.py); nothing else reads it."""

import logging
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import dj_database_url
import django_stubs_ext
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from chatbot.moderation.personal_data import mask
from chatplatform import env as environment
from chatplatform.kernel.logging import logging_settings
from chatplatform.sign_in_settings import *  # noqa: F403 - settings are what it holds

django_stubs_ext.monkeypatch()

ENV = environment.read()
BASE_DIR = environment.BASE_DIR
DATA_DIR = ENV.data_dir
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key.get_secret_value()
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.csrf_trusted_origins

# -- the house -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "daphne",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "django_htmx",
    "django_structlog",
    "django_prometheus",
    "realtime",
    "chatplatform.kernel",
    "chatplatform.protection",
    "chatplatform.tenants",
    "chatplatform.audit",
    "chatplatform.configuration",
    "chatplatform.dictionaries",
    "chatplatform.accounts",
    "chatplatform.accounts.api_keys",
    "chatplatform.roles",
    "chatbot",
    "chatbot.moderation",
    "chatbot.conversations",
    "chatbot.knowledge",
    "chatbot.knowledge.embedders",
    "chatbot.tools",
    "chatbot.assistant",
    "chatbot.assistant.providers",
    "chatbot.assistant.prompts",
    "chatbot.evaluation",
    "chatbot.plugins",
    "chatbot.widget",
    "workbench",
    "workbench.desk",
    "workbench.copilot",
    "workbench.people",
    "chatplatform",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "chatplatform.protection.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chatplatform.kernel.middleware.RequestMiddleware",
    "chatplatform.kernel.middleware.ProblemsMiddleware",
    "chatplatform.protection.middleware.ThrottleMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chatplatform.accounts.middleware.SignedInMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

# Each door has its own URLs (asgi.py); outside a request, names resolve as on the agents' side.
ROOT_URLCONF = "chatplatform.urls.workbench"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# -- the truth -------------------------------------------------------------------------------


def _database() -> dict[str, Any]:
    if ENV.database_url:
        return dict(
            dj_database_url.parse(ENV.database_url, conn_max_age=60, conn_health_checks=True)
        )
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "chatplatform.kernel.sqlite3",
        "NAME": DATA_DIR / "chatplatform.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # Writers queue for the one lock at BEGIN instead of failing in mid-transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: with NORMAL a power cut may take back commits that clients have seen.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Requests that a process lets into Django at once; the others wait their turn. SQLite has one
# writer anyway: more threads would only take turns at the interpreter's lock.
REQUESTS_AT_ONCE = 16 if ENV.database_url else 3
# Steps of answers that a process takes at once; while they wait for a model they need no thread.
ASSISTANT_THREADS = 4 if ENV.database_url else 2

# -- the wire --------------------------------------------------------------------------------


def _embedded_valkey_socket() -> Path:
    path = DATA_DIR / "valkey.sock"
    if len(str(path)) < 100:  # the kernel allows 107 bytes
        return path
    return Path(gettempdir()) / f"chatplatform-{sha256(str(path).encode()).hexdigest()[:16]}.sock"


EMBEDDED_VALKEY_SOCKET = None if ENV.redis_url else _embedded_valkey_socket()
REDIS_URL = ENV.redis_url or f"unix://{EMBEDDED_VALKEY_SOCKET}"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "realtime.layers.FallbackChannelLayer",
        "CONFIG": {"url": REDIS_URL},
    }
}
REALTIME_RETENTION = timedelta(days=ENV.event_retention_days)

ASGI_APPLICATION = "chatplatform.asgi.workbench"
CHATBOT_PORT, WORKBENCH_PORT, HOST = ENV.chatbot_port, ENV.workbench_port, ENV.host
CHATBOT_URL = str(ENV.chatbot_url or f"http://{HOST}:{CHATBOT_PORT}").rstrip("/")
WORKBENCH_URL = str(ENV.workbench_url or f"http://{HOST}:{WORKBENCH_PORT}").rstrip("/")

# -- people ----------------------------------------------------------------------------------

# what no environment changes is in sign_in_settings.py
# Of full length whatever SECRET_KEY is, and useless for the other things that one signs.
HEADLESS_JWT_PRIVATE_KEY = sha256(f"access tokens:{SECRET_KEY}".encode()).hexdigest()
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://localhost
ADMIN_NEEDS_SECOND_FACTOR = not DEBUG if ENV.admin_needs_mfa is None else ENV.admin_needs_mfa

# Both doors may share a host name; cookies ignore ports, so only the agents' side sets a session.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
# A __Host- cookie comes from this very host over TLS: no neighbouring subdomain can plant one.
SESSION_COOKIE_NAME = "sessionid" if DEBUG else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEBUG else "__Host-csrftoken"

# -- protection ------------------------------------------------------------------------------

SECURE_HSTS_SECONDS = 0 if DEBUG else ENV.hsts_seconds  # sent over TLS only
SECURE_REFERRER_POLICY = "same-origin"
METRICS_TOKEN = ENV.metrics_token.get_secret_value() if ENV.metrics_token else ""
OUTBOUND_ALLOWED = ENV.outbound_allowed
ENCRYPTION_KEYS = [key.get_secret_value() for key in ENV.encryption_keys]

# -- HTTP API --------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["chatplatform.kernel.http.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "chatplatform.kernel.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chatplatform",
    "DESCRIPTION": "Conversations between customers, an AI and human agents.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "PersonStatusEnum": ["available", "away", "offline", "off"],
        "SessionStatusEnum": "chatbot.conversations.states.State.values",
        "ToolCallStatusEnum": "chatbot.tools.choices.CallStatus.values",
        "ImportKindEnum": ["files", "urls"],
        "ImportStateEnum": ["queued", "running", "done", "failed", "cancelled"],
        "SpeakerEnum": ["customer", "agent", "ai"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "chatplatform.kernel.openapi.add_streams_and_problems",
    ],
}

# -- languages, time, files ------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# -- operation -------------------------------------------------------------------------------

LOGGING_CONFIG = "chatplatform.kernel.logging.configure"
LOGGING = logging_settings(level=ENV.log_level, as_json=ENV.log_format == "json", mask=mask)
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request is enough
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # if it is well formed: kernel/middleware.py
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # asking for the user would touch the database
PROMETHEUS_EXPORT_MIGRATIONS = False
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for all subdomains and
    "security.W021",  # for the browsers' built-in lists: the domain is not only ours
    "security.W008",  # the redirect to HTTPS is the proxy's: deploy/nginx.conf
]
TRUSTED_PROXIES = ENV.trusted_proxies
AUDIT_RETENTION = timedelta(days=ENV.audit_retention_days)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 50

ASSISTANT_BASE_URL = str(ENV.assistant_base_url) if ENV.assistant_base_url else ""
ASSISTANT_API_KEY = ENV.assistant_api_key.get_secret_value() if ENV.assistant_api_key else ""
ASSISTANT_MODEL = ENV.assistant_model

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Chatplatform",
    "SITE_HEADER": "Chatplatform",
    "SITE_ICON": lambda request: static("desk/mark.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("desk/mark.svg")}
    ],
    "STYLES": [lambda request: static("admin_pages.css")],
    "SHOW_LANGUAGES": True,
    "COLORS": {
        "primary": {  # the console's jade
            "50": "#f0f8f5",
            "100": "#ddeee8",
            "200": "#b9dccf",
            "300": "#8cc4b1",
            "400": "#57a58e",
            "500": "#2f8872",
            "600": "#14705f",
            "700": "#0e5a4c",
            "800": "#0d483d",
            "900": "#0b3b33",
            "950": "#05221d",
        }
    },
}
