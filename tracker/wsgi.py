"""The web process: gunicorn tracker.wsgi:application. It does not start without the guards."""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

from tracker.checks import front_door  # noqa: E402  # after Django is set up
from tracker.guards import require_guards  # noqa: E402

require_guards()
for warning in front_door():
    logging.getLogger(__name__).warning("%s %s", warning.msg, warning.hint or "")
