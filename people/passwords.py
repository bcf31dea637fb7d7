"""What a password must be, said in every language of the interface."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's own rule; its sentence has no Hebrew."""

    def get_error_message(self) -> str:
        return _("This password is too short: write at least %(least)d characters.") % {
            "least": self.min_length
        }
