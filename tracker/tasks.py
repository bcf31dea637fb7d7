"""What the workers do: obligations, on the relay's hint, and the daily tidying, on beat's."""

from uuid import UUID

from celery import shared_task

from projects import outbox, tidying


@shared_task(name="tracker.fulfil")
def fulfil(obligation_id: str) -> None:
    """Do what one obligation owes."""
    outbox.fulfil(UUID(obligation_id))


@shared_task(name="tracker.tidy")
def tidy() -> None:
    """Forget book-keeping that has had its day."""
    tidying.tidy()
