"""The part of the sign-up form that is ours: a name for the journal and the language of mails."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.models import Language, User


class SignupForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    phone = forms.RegexField(
        label=_("Phone"),
        regex=r"^\+?[0-9][0-9 \-]{6,17}$",
        required=False,
        error_messages={"invalid": _("Write a phone number with digits only, for example 050-000-0000.")},
    )

    field_order = ("full_name", "email", "phone", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account exists."""
        user.full_name = self.cleaned_data["full_name"]
        user.phone = e164(self.cleaned_data.get("phone", ""))
        language = (get_language() or "he")[:2]
        user.language = language if language in Language.values else Language.HEBREW
        user.save(update_fields=["full_name", "phone", "language"])


def e164(text: Any) -> str:
    """A phone number as +972…; Israeli numbers lose their leading zero. Empty stays empty."""
    digits = "".join(c for c in str(text) if c.isdigit())
    if not digits:
        return ""
    if str(text).strip().startswith("+"):
        return f"+{digits}"
    return f"+972{digits.removeprefix('0')}"


class ProfileForm(forms.Form):
    """How a person is called, spoken to and reached."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=120, help_text=_("As it stands in the journal.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        help_text=_("Of the pages and the e-mails."),
    )
    phone = forms.RegexField(
        label=_("Phone"),
        regex=r"^\+?[0-9][0-9 \-]{6,17}$",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": _("Write a phone number with digits only, for example 050-000-0000.")},
    )

    def clean_phone(self) -> str:
        return e164(self.cleaned_data["phone"])
