"""How people sign in: the part of the settings that no environment changes."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "chatplatform.accounts.signing_in.backends.TenantBackend",  # who somebody is
    "chatplatform.roles.backends.RoleBackend",  # what she may do
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "chatplatform.accounts.signing_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Per process, on top of the lock that accounts/signing_in/login_lock.py keeps in the database. An
# office shares one address: its agents all log in at nine.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,100/h/key"}

MFA_ADAPTER = "chatplatform.accounts.signing_in.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "chatplatform.accounts.signing_in.security_keys.AddSecurityKeyForm",
    "edit_webauthn": "chatplatform.accounts.signing_in.security_keys.EditSecurityKeyForm",
}
MFA_TOTP_ISSUER = "Chatplatform"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # we send no mail
SOCIALACCOUNT_ADAPTER = "chatplatform.accounts.single_sign_on.flow.SsoAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 3  # seconds: meanwhile one of few threads waits for the provider

HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "chatplatform.accounts.callers.tokens.RotatingTokens"  # noqa: S105 - a dotted path
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 3600
HEADLESS_JWT_ROTATE_REFRESH_TOKEN = True
# A token ends with its session: logging out or disabling a user takes effect at once.
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True

SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "chatplatform.kernel.pages.csrf_failure"
