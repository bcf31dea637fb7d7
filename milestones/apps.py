from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        from milestones import flags, mails, vocabulary  # noqa: F401  # registers words, flags, mails
