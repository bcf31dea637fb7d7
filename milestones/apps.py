from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        # Registers words, flags, mails.
        from milestones import defect_flags, flags, mails, vocabulary  # noqa: F401
