"""The web process: gunicorn tracker.wsgi:application. It does not start without the guards."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

from tracker.guards import require_guards  # noqa: E402  # after Django is set up

require_guards()
