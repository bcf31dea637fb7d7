from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments import flags, vocabulary  # noqa: F401  # registers its words and flags
        from payments.actions import terms  # noqa: F401  # registers its rule
