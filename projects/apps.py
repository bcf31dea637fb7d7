from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from projects import mails, tasks, vocabulary  # noqa: F401  # registers its words, and what it owes
