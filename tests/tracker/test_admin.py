"""The admin: for staff who were freshly proven, everything to read, nothing to write, by door or by SQL."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connections
from django.test import Client
from django.urls import reverse

from payments.models import Payment
from people.models import User
from projects.models import JournalEntry, Project
from tests.cast import Cast, cast_people, person, signed_in
from tests.conftest import use
from tests.kept import TEMPLATE
from tests.tracker.world import build_world, counted
from tracker.admin import site
from tracker.cluster import Cluster

READING = "plumbline_admin"
LISTS = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in site._registry]
SECRET_FIELDS = {"password", "digest", "session_key", "payload", "answer", "key"}


@pytest.fixture(scope="module")
def cast(cluster: Cluster, django_db_blocker: Any) -> Iterator[Cast]:
    """A world that nobody in this module can change."""
    cluster.create_database(READING, template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url(READING))
        cast = cast_people()
        build_world(cast)
        call_command("staff", cast.dana.email, stdout=StringIO())
        yield cast
        connections.close_all()
    cluster.drop_database(READING)


@pytest.fixture
def dana(cast: Cast) -> Client:
    return signed_in(User.objects.get(pk=cast.dana.pk))


def test_every_list_and_every_row_can_be_read(dana: Client) -> None:
    assert len(LISTS) > 20
    assert dana.get(reverse("admin:index")).status_code == 200
    for address in LISTS:
        listed = dana.get(address)
        assert listed.status_code == 200, address
        rows = listed.context["cl"].result_list
        for row in rows[:1]:
            assert dana.get(f"{address}{row.pk}/change/").status_code == 200, address


def test_nobody_else_gets_in(cast: Cast) -> None:
    noa, stale = signed_in(cast.noa), Client()
    stale.force_login(
        User.objects.get(pk=cast.dana.pk), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for address in ["/admin/", *LISTS[:3]]:
        assert Client().get(address).headers["Location"].startswith("/account/login/?next=/admin/")
        assert noa.get(address).status_code == 404
        assert stale.get(address).headers["Location"].startswith("/account/reauthenticate/?next=/admin/")


def test_nothing_can_be_written(dana: Client) -> None:
    before = Project.objects.values_list("name", "entry_id").get()
    for address in LISTS:
        pk = getattr(dana.get(address).context["cl"].result_list.first(), "pk", 0)
        for door in ("", "add/", f"{pk}/change/", f"{pk}/delete/"):
            answer = dana.post(f"{address}{door}", {"name": "Mine", "_save": "1", "post": "yes"})
            assert answer.status_code == 403, f"{address}{door}"
        assert dana.get(f"{address}add/").status_code == 403
        assert dana.get(f"{address}{pk}/delete/").status_code in {302, 403}
    assert Project.objects.values_list("name", "entry_id").get() == before


def test_the_application_could_not_write_either(cast: Cast) -> None:
    """What a stolen admin would run, as the role it runs as."""
    for write in (
        lambda: Project.objects.all()._raw_delete("default"),
        lambda: JournalEntry.objects.update(kind="mine"),
        lambda: Payment.objects.update(amount=1),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            write()


def test_no_list_and_no_row_shows_a_secret(dana: Client) -> None:
    for model, options in site._registry.items():
        assert not SECRET_FIELDS & {*options.list_display, *(options.fields or ())}, model


def test_a_list_costs_the_same_with_more_rows(dana: Client) -> None:
    address = reverse("admin:people_user_changelist")
    parties = reverse("admin:projects_party_changelist")
    dana.get(address)
    few = [counted(lambda a=a: dana.get(a)) for a in (address, parties)]  # type: ignore[misc]
    for n in range(30):
        person(f"Guest{n}")
    assert [counted(lambda a=a: dana.get(a)) for a in (address, parties)] == few  # type: ignore[misc]


def test_staff_are_named_by_a_command_and_end_at_once(cast: Cast, dana: Client, capsys: Any) -> None:
    call_command("staff")
    assert capsys.readouterr().out.split() == [cast.dana.email]
    call_command("staff", cast.dana.email, "--end")
    assert dana.get("/admin/").status_code == 404
    call_command("staff", cast.dana.email)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("staff", "nobody@example.com")
