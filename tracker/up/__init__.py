"""Bringing the parts up: `manage.py up` and what it starts. Nothing here imports Django."""
