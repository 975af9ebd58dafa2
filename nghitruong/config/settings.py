"""All settings, in one file. What an installation may change comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from nghitruong.config.env import env_bool, env_int, env_list, env_path, env_str

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGE_DIR = BASE_DIR / "nghitruong"
(BASE_DIR / "var").mkdir(exist_ok=True)

# Where this installation keeps its database, files, sockets and logs.
VAR_DIR = env_path("NGHITRUONG_VAR", BASE_DIR / "var")
VAR_DIR.mkdir(exist_ok=True)
FILES_DIR = VAR_DIR / "files"
RUN_DIR = VAR_DIR / "run"
UPLOADS_DIR = VAR_DIR / "uploads"  # files on their way in; the same disk as FILES_DIR
UPLOAD_MAX_BYTES = env_int("NGHITRUONG_UPLOAD_MAX_MB", 300, low=1, high=4096) * 1024 * 1024
# A zip of a whole session's papers, and what it may unfold to altogether.
ARCHIVE_MAX_BYTES = env_int("NGHITRUONG_ARCHIVE_MAX_MB", 2048, low=1, high=16384) * 1024 * 1024

# Demo mode fills the installation with invented people and shows one-tap logins;
# it refuses to listen anywhere but on loopback (checked in nghitruong.config.serve).
DEMO = env_bool("NGHITRUONG_DEMO", False)
DEBUG = env_bool("NGHITRUONG_DEBUG", False)


def _secret_key() -> str:
    """The installation's own key, made at first start and kept readable by its owner only."""
    import secrets

    given = os.environ.get("NGHITRUONG_SECRET_KEY")
    if given:
        return given
    path = VAR_DIR / "secret.key"
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(fd, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _hosts() -> list[str]:
    """This machine, and the names `nghitruong tls init` made a certificate for."""
    names = VAR_DIR / "tls" / "hosts"
    given = names.read_text().split() if names.exists() else []
    return ["127.0.0.1", "localhost", "[::1]", *given]


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env_list("NGHITRUONG_HOSTS", _hosts())
CSRF_TRUSTED_ORIGINS = env_list("NGHITRUONG_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "axes",
    "django_htmx",
    "django_filters",
    "template_partials.apps.SimpleAppConfig",
    "nghitruong.ui",
    "nghitruong.platform.storage",
    "nghitruong.platform.accounts",
    "nghitruong.platform.audit",
    "nghitruong.platform.live",
    "nghitruong.platform.files",
    "nghitruong.platform.jobs",
    "nghitruong.platform.notices",
    "nghitruong.council.councils",
    "nghitruong.council.access",
    "nghitruong.council.procedure",
    "nghitruong.council.papers",
    "nghitruong.council.intake",
    "nghitruong.council.reading",
    "nghitruong.council.opinions",
    "nghitruong.council.search",
    "nghitruong.council.binder",
    "nghitruong.council.briefcase",
    "nghitruong.council.guests",
    "nghitruong.session.meetings",
    "nghitruong.session.submissions",
    "nghitruong.session.voting",
    "nghitruong.session.floor",
    "nghitruong.session.minutes",
    "nghitruong.session.delivery",
    "nghitruong.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "nghitruong.ui.compress.TextCompression",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nghitruong.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nghitruong.platform.accounts.middleware.AccountRules",
    "nghitruong.council.councils.middleware.CouncilMiddleware",
    "nghitruong.ui.errors.NotAllowedPage",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "nghitruong.config.urls"
WSGI_APPLICATION = "nghitruong.config.wsgi.application"

_loaders: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
# django-template-partials patches the loaders itself when installed plainly; two such packages
# fail silently together, so the loaders are named here (see docs/dependencies.md).
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(PACKAGE_DIR / "config" / "templates")],  # before the libraries' own
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _loaders)]
                    if not DEBUG
                    else _loaders,
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nghitruong.ui.context.shell",
            ],
        },
    }
]
# Django's own second renderer: 200 ticks drawn one by one take 9 ms instead of 20.
FORM_RENDERER = "django.forms.renderers.Jinja2"

# Storage -------------------------------------------------------------------------------------
DATABASE_URL = env_str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'nghitruong.sqlite3'}")
_database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
if _database["ENGINE"].endswith("sqlite3"):
    _database["ENGINE"] = "nghitruong.platform.storage.sqlite3"
    _database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    _database["CONN_HEALTH_CHECKS"] = True
# A thread keeps its connection: on SQLite, closing the last one would checkpoint the WAL in the
# middle of a request.
_database["CONN_MAX_AGE"] = None
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env_str("NGHITRUONG_REDIS_URL", "")  # empty: the doorbell is a Unix datagram
TRUST_DIR = VAR_DIR / "trust"  # root and intermediate certificates this installation trusts
SCANNER_DIR = env_path("NGHITRUONG_SCANNER_DIR", VAR_DIR / "scanner")  # one folder per council
# How many heavy jobs (conversion, OCR) run at once, each in a niced process of its own.
HEAVY_JOBS = env_int("NGHITRUONG_HEAVY_JOBS", 1, low=1, high=16)
# «auto»: tantivy beside SQLite, PostgreSQL itself beside PostgreSQL; or name one of them.
SEARCH_ENGINE = env_str("NGHITRUONG_SEARCH_ENGINE", "auto")

# Notices outside the application: everything off until it is set (docs/thong-bao.md) -----------
SITE_URL = env_str("NGHITRUONG_SITE_URL", "").rstrip("/")  # as people type it: https://hdnd.lan
EMAIL_HOST = env_str("NGHITRUONG_EMAIL_HOST", "")
EMAIL_PORT = env_int("NGHITRUONG_EMAIL_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = env_str("NGHITRUONG_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_str("NGHITRUONG_EMAIL_PASSWORD", "")
_email_security = env_str("NGHITRUONG_EMAIL_SECURITY", "starttls")  # starttls, tls or none
if _email_security not in {"starttls", "tls", "none"}:
    raise ImproperlyConfigured("NGHITRUONG_EMAIL_SECURITY: chỉ nhận starttls, tls hoặc none")
EMAIL_USE_TLS, EMAIL_USE_SSL = _email_security == "starttls", _email_security == "tls"
DEFAULT_FROM_EMAIL = env_str("NGHITRUONG_EMAIL_FROM", "")
NOTICE_GATEWAYS = {  # docs/sms.md; (address, token)
    "sms": (env_str("NGHITRUONG_SMS_URL", ""), env_str("NGHITRUONG_SMS_TOKEN", "")),
    "zalo": (env_str("NGHITRUONG_ZALO_URL", ""), env_str("NGHITRUONG_ZALO_TOKEN", "")),
}
PUSH_CONTACT = env_str("NGHITRUONG_PUSH_CONTACT", "")  # an e-mail address, for the push services
# Whose push services browsers may name; nothing else is ever called.
PUSH_SERVICES = env_list(
    "NGHITRUONG_PUSH_SERVICES",
    [
        "https://fcm.googleapis.com",
        "https://*.push.apple.com",
        "https://updates.push.services.mozilla.com",
        "https://*.notify.windows.com",
    ],
)

# Web -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [("ui", str(PACKAGE_DIR / "ui" / "dist"))]
STATIC_ROOT = str(VAR_DIR / "static")
# Python runs one thread of a process at a time: two processes show pages on two cores.
WEB_PROCESSES = env_int("NGHITRUONG_WEB_PROCESSES", min(2, os.cpu_count() or 1), low=1, high=32)
WEB_THREADS = env_int("NGHITRUONG_WEB_THREADS", 4, low=1, high=64)  # of each of them
HTTPS = env_bool("NGHITRUONG_HTTPS", False)
# A certificate of one's own; empty: that of `nghitruong tls init`, when there is one.
CERTFILE = env_str("NGHITRUONG_CERTFILE", "")
KEYFILE = env_str("NGHITRUONG_KEYFILE", "")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "nghitruong.ui.errors.csrf_failed"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14  # longer than any session of a council: nobody is thrown out
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],  # a recording kept on the device
        "manifest-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

# Accounts ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "nghitruong.platform.accounts.hashers.PatientArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "nghitruong.platform.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = False  # axes does it: per user name, never per address alone (a hall is one)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.1  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "pin"]  # a guest's wrong PIN is not kept
AXES_USERNAME_CALLABLE = "nghitruong.platform.accounts.lockout.typed_name"
AXES_CLIENT_IP_CALLABLE = "nghitruong.platform.accounts.lockout.client_ip"
AXES_DISABLE_ACCESS_LOG = True  # a row less for each of 125 people signing in at once
AXES_LOCKOUT_CALLABLE = "nghitruong.platform.accounts.views.locked_out"

# Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [str(PACKAGE_DIR / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["nghitruong.config.formats"]

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "nghitruong.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env_str("NGHITRUONG_LOG_LEVEL", "WARNING")},
}
