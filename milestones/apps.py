from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        from milestones import flags, vocabulary  # noqa: F401  # registers its words and flags
