"""Every address of the house. The URL x role table in tests/tracker/test_doors.py covers each of them."""

from django.urls import include, path

urlpatterns = [
    path("", include("tracker.page_urls")),
    path("api/v1/", include("tracker.api_urls")),
    path("account/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
