"""Bringing the parts up: `./run`, which is `manage.py up`, and everything that it starts.

It runs before Django can be set up: the settings want the addresses of what is started here.
"""
