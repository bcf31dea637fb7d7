"""The admin: everything to read, for support and operations, and nothing to write.

Facts change only through the acts of the house, so no page here adds, changes or deletes: whatever is not a
GET is refused before it is looked at. Who may read was named by `manage.py staff`, comes in through the same
door as everybody, and was freshly proven.
"""

from functools import wraps
from typing import Any
from urllib.parse import quote

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.web import is_freshly_proven

# Addresses of Django's admin that lead past our own door, or to nothing that is kept.
CLOSED = {"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
READING = {"GET", "HEAD"}
ROWS_ON_A_PAGE = 50


class ReadOnlySite(admin.AdminSite):
    site_title = site_header = index_title = _("Plumbline: reading for support")
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and getattr(user, "is_staff", False) and is_freshly_proven(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the admin: only for staff, only freshly proven, only to read."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if way := self._way_in(request):
                return way
            if request.method not in READING:
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def _way_in(self, request: HttpRequest) -> HttpResponse | None:
        """To signing in or to a fresh proof, and back; for others than staff nothing is here."""
        if not request.user.is_authenticated:
            return _to("account_login", request)
        if not request.user.is_staff:
            raise Http404
        return None if is_freshly_proven(request) else _to("account_reauthenticate", request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", "") not in CLOSED]


def _to(name: str, request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(name)}?next={quote(request.get_full_path())}")


site = ReadOnlySite(name="admin")


class ReadOnly(admin.ModelAdmin):
    """A table to read. Related rows are fetched with a page, so that no page asks once per row."""

    actions = None
    list_per_page = ROWS_ON_A_PAGE
    list_max_show_all = ROWS_ON_A_PAGE
    show_full_result_count = False
    search_help_text = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def show(
    model: type[Model], *columns: str, hides: tuple[str, ...] = (), search: tuple[str, ...] = ()
) -> None:
    """Put a model into the admin: these columns in its list; of a row all fields but what it `hides`."""
    fields: list[Field[Any, Any]] = [f for f in model._meta.fields if f.name not in hides]
    related = [f.name for f in fields if f.is_relation and f.name in columns]
    options: dict[str, Any] = {
        "list_display": columns,
        "list_select_related": related or False,
        "fields": [f.name for f in fields],
        "search_fields": search,
        "ordering": [f"-{model._meta.pk.name}"],
    }
    site.register(model, type(f"{model.__name__}Admin", (ReadOnly,), options))


PERSON = ("email", "full_name", "language", "is_active", "is_staff", "date_joined", "last_login")
show(User, *PERSON, hides=("password",), search=("email", "full_name"))
show(EmailAddress, "email", "user", "verified", "primary", search=("email",))
show(UserSession, "user", "ip", "user_agent", "created_at", "last_seen_at", hides=("session_key", "data"))
