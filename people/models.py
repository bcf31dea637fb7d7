"""Who uses Plumbline. A person signs in by e-mail; what they may do is decided by their parts in projects."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.ids import new_id


class Language(models.TextChoices):
    HEBREW = "he", _("Hebrew")
    ENGLISH = "en", _("English")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a lower-case address; without a password they sign in by an e-mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    # A person is a name in histories: never deleted. allauth writes the whole row when it sets a password.
    rights: ClassVar[str] = "SELECT, INSERT, UPDATE"
    changes: ClassVar[tuple[str, ...]] = (
        "password",
        "last_login",
        "email",
        "full_name",
        "language",
        "phone",
        "is_active",
        "is_staff",
        "date_joined",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("E-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("Full name"), max_length=120)
    language = models.CharField(
        _("Language"), max_length=2, choices=Language.choices, default=Language.HEBREW.value
    )
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may read the admin; set by `manage.py staff` alone
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        return self.full_name or self.email
