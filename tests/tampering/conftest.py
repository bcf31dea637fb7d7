"""A lived-in world in the hands of a superuser: one for each file, since every change in it is made good."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.cast import cast_people
from tests.conftest import use
from tests.kept import TEMPLATE
from tests.tampering.lived import live
from tests.tampering.tamper import Tamperer
from tracker.cluster import Cluster

NAME = "plumbline_tampered"


@pytest.fixture(scope="module")
def tamperer(cluster: Cluster, django_db_blocker: Any) -> Iterator[Tamperer]:
    cluster.create_database(NAME, template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url(NAME))
        live(cast_people())
        tamperer = Tamperer(cluster.superuser_url(NAME))
        yield tamperer
        tamperer.close()
        connections.close_all()
    cluster.drop_database(NAME)
