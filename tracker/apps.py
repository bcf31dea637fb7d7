from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_migrate


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        from tracker import checks, waits_on_terms, waits_on_work  # noqa: F401
        from tracker.guards import grant_and_seal, refuse_to_build_on_damage
        from tracker.lost import stay

        user_logged_in.connect(stay)
        pre_migrate.connect(refuse_to_build_on_damage, sender=self)
        # Last of the installed apps: every table stands when this runs.
        post_migrate.connect(grant_and_seal, sender=self)
