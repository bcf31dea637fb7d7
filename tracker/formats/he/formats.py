"""Hebrew formats: Django's own have no thousands separator and read 05/11/2026 as 11 May."""

THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]
DATE_FORMAT = "j בF Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "j בF Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j בF"
FIRST_DAY_OF_WEEK = 0
