"""The pages of errors stand on nothing: a request that no middleware has touched still gets its page."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults
from django.views.csrf import csrf_failure

PAGES: list[tuple[int, Callable[..., HttpResponse]]] = [
    (400, lambda request: defaults.bad_request(request, ValueError())),
    (403, lambda request: defaults.permission_denied(request, ValueError())),
    (403, csrf_failure),
    (404, lambda request: defaults.page_not_found(request, ValueError())),
    (500, defaults.server_error),
]


@pytest.mark.parametrize(("status", "page"), PAGES)
@pytest.mark.parametrize(
    ("language", "direction", "home"), [("he", "rtl", "לפרויקטים שלי"), ("en", "ltr", "To my")]
)
def test_an_error_page_needs_no_middleware(
    status: int, page: Callable[..., HttpResponse], language: str, direction: str, home: str
) -> None:
    with translation.override(language):
        response = page(RequestFactory().get("/"))
    text = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert home in text
