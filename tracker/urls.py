"""Every address of the house. The URL x role table in tests/tracker/test_doors.py covers each of them."""

from django.urls import include, path, re_path

from tracker.admin import site
from tracker.api import UnknownAddress
from tracker.health import healthz, readyz

handler500 = "tracker.outage.server_error"
handler429 = "tracker.accounts.too_many"

urlpatterns = [
    path("", include("tracker.page_urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/", include("tracker.api_urls")),
    re_path(r"^api/", UnknownAddress.as_view(), name="api-unknown"),
    path("admin/", site.urls),
    path("account/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
