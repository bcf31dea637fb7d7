from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments import flags, mails, vocabulary, widening_flags  # noqa: F401  # registers words, flags, mails
        from payments.actions import terms, withholding  # noqa: F401  # registers their rules
