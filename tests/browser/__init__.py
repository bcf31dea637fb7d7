"""What people see: every screen and every journey in a real browser, against the whole running house."""
