"""All settings, read from the environment once; nonsense is refused loudly at start.

`./run` (manage.py up) fills the environment for the embedded parts; an operator fills it by hand.
docs/operating.md lists every variable.
"""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from tracker import headers, limits
from tracker.counts import cache_url
from tracker.env import env_flag, env_number, env_port, env_url, in_url

BASE_DIR = Path(__file__).resolve().parent.parent


DEBUG = env_flag("DEBUG", False)
EMBEDDED = env_flag("PLUMBLINE_EMBEDDED", False)
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = env_port("PORT", 8000)
VAR_DIR = Path(os.environ.get("PLUMBLINE_VAR", BASE_DIR / "var"))
FILES_ROOT = VAR_DIR / "files"
ON_LOOPBACK = HOST in {"127.0.0.1", "localhost", "::1"}
PUBLIC_URL = env_url("PUBLIC_URL", {"http", "https"}, f"http://{in_url(HOST)}:{PORT}").rstrip("/")
BEHIND_TLS = PUBLIC_URL.startswith("https://")
REACHABLE = BEHIND_TLS or not ON_LOOPBACK
if not ON_LOOPBACK and not BEHIND_TLS and not env_flag("PLUMBLINE_INSECURE_HTTP", False):
    raise ImproperlyConfigured(
        f"HOST={HOST} is reachable from outside. Set PUBLIC_URL=https://… (behind a TLS proxy)."
    )
if DEBUG and REACHABLE:
    raise ImproperlyConfigured(
        "DEBUG=1 shows the insides of errors: only on loopback, without a public address."
    )
# Proxies in front whose X-Forwarded-For is believed, each one entry from the right; none unless told.
PROXIES = env_number("PLUMBLINE_PROXIES", 0, 0, 9)

# The demonstration lets anyone enter as its people: only with the embedded database and on loopback.
DEMONSTRATION = EMBEDDED and ON_LOOPBACK
DEMO_LANGUAGE = os.environ.get("PLUMBLINE_DEMO_LANGUAGE", "he")
if DEMO_LANGUAGE not in {"he", "en"}:
    raise ImproperlyConfigured(f"PLUMBLINE_DEMO_LANGUAGE is he or en, not {DEMO_LANGUAGE}.")

SECRET_KEY = os.environ.get("SECRET_KEY", "")
# Commands that touch no data may run without secrets, so that a first look needs no set-up.
OFFLINE_COMMANDS = {"makemigrations", "makemessages", "collectstatic", "spectacular", "up", "help"}
OFFLINE = len(sys.argv) > 1 and sys.argv[1] in OFFLINE_COMMANDS
if not SECRET_KEY:
    if not (OFFLINE or "mypy" in Path(sys.argv[0]).name or "pytest" in sys.modules):
        raise ImproperlyConfigured("SECRET_KEY is not set. ./run makes one; see docs/operating.md.")
    SECRET_KEY = "no-secret-in-an-offline-command-" + "0" * 32
elif REACHABLE and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short to keep: at least 50 random characters.")

ALLOWED_HOSTS = [in_url(urlsplit(PUBLIC_URL).hostname or HOST), in_url(HOST)]
if ON_LOOPBACK:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # with a site of our own: people/admin.py
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "csp",
    "people",
    "projects",
    "milestones",
    "payments",
    "tracker",
]

MIDDLEWARE = [
    "tracker.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.middleware.CompressedPagesMiddleware",
    "tracker.account_twins.AccountTwinsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.middleware.ReaderLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tracker.middleware.SessionSeenMiddleware",
    "tracker.middleware.BodySizeMiddleware",
    "tracker.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
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
                "tracker.context.house",
            ],
        },
    }
]

# --- Database: PostgreSQL only. The owner migrates; the application's role owns nothing.
DATABASE_SCHEMES = {"postgres", "postgresql"}
_database_url = APPLICATION_DATABASE_URL = env_url("DATABASE_URL", DATABASE_SCHEMES)
if len(sys.argv) > 1 and sys.argv[1] == "migrate":
    _database_url = env_url("DATABASE_OWNER_URL", DATABASE_SCHEMES, _database_url)
if not _database_url and not OFFLINE and "pytest" not in sys.modules and "mypy" not in Path(sys.argv[0]).name:
    raise ImproperlyConfigured("DATABASE_URL is not set. ./run starts a database of its own.")
DATABASES = {
    "default": dj_database_url.parse(_database_url or "postgres:///plumbline", conn_max_age=60)
    | {"ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": True}
}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {"application_name": "plumbline", "connect_timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker: carries hints only; PostgreSQL holds every obligation (docs/outbox.md).
REDIS_URL = env_url("REDIS_URL", {"redis", "rediss", "redis+socket"}, "redis://127.0.0.1:6379/0")

# --- Limits (tracker/limits.py). Tests have no broker to count in, and knock more often than anybody.
LIMITED = env_flag("PLUMBLINE_LIMITS", "pytest" not in sys.modules)
API_LIMITS, API_WINDOW_SECONDS = limits.API_LIMITS, limits.API_WINDOW_SECONDS
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if "pytest" in sys.modules
    else {
        "BACKEND": "tracker.counts.SharedCounts",
        "LOCATION": cache_url(REDIS_URL),
        "KEY_PREFIX": "plumbline",
    }
}

# --- People and sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "tracker.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "people.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = limits.PAGE_LIMITS if LIMITED or "pytest" in sys.modules else False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tracker.lost.csrf_failed"
SESSION_ENGINE = "tracker.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
if BEHIND_TLS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = headers.CONTENT_SECURITY_POLICY

# --- Mail: without an SMTP server it lands on a page of the demonstration.
EMAIL_URL = env_url("EMAIL_URL", {"smtp", "smtps", "smtp+tls"})
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+tls"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "tracker.mailbox.Mailbox"
# Whom the statements on accessibility and privacy name.
OPERATOR = {name: os.environ.get(f"OPERATOR_{name.upper()}", "") for name in ("name", "email", "phone")}
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "Plumbline <plumbline@localhost>")

# --- Languages: Hebrew first.
LANGUAGE_CODE = "he"
LANGUAGES = [("he", _("Hebrew")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["tracker.formats"]
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Jerusalem"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In tests nothing is collected: static files come from where they lie.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "projects.rest.auth.TokenAuthentication",
        "projects.rest.auth.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["projects.rest.renderers.ExactJSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["projects.rest.throttles.Limits"],
    "DEFAULT_PARSER_CLASSES": ["projects.rest.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "projects.rest.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "projects.rest.schema.DoorSchema",
    "EXCEPTION_HANDLER": "projects.rest.problems.answer_problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plumbline",
    "DESCRIPTION": "Payments that unlock only when the work is signed off.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": [],  # choices stand where they are used
}

# --- Celery: the settings that lose nothing when a worker, the broker or a connection dies (docs/outbox.md).
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "tracker.sweep", "schedule": crontab(minute="*/15"), "options": {"expires": 14 * 60}},
    "endings": {"task": "tracker.endings", "schedule": crontab(minute=5), "options": {"expires": 55 * 60}},
    "tidy": {"task": "tracker.tidy", "schedule": crontab(hour=3, minute=20)},
    "verify": {"task": "tracker.verify", "schedule": crontab(hour=3, minute=40)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # With DEBUG Django logs statements with their values, among them hashes of passwords and tokens.
    "loggers": {"django.db.backends": {"level": "INFO"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
