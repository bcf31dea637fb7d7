"""The admin of the whole house: each floor puts its own tables into it."""

import milestones.admin  # noqa: F401
import payments.admin  # noqa: F401
import projects.admin  # noqa: F401
from people.admin import site

__all__ = ["site"]
