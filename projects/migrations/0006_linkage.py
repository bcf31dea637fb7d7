"""Linkage to an index in the terms of a contract: all of it, or none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0005_facts_are_named"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="linkage_base_month",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="linkage_base_value",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="linkage_index",
            field=models.CharField(
                blank=True,
                choices=[
                    ("construction_inputs", "Construction inputs index for residential building"),
                    ("consumer_prices", "Consumer price index"),
                ],
                max_length=20,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="linkage_share",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("linkage_base_month", None),
                        ("linkage_base_value", None),
                        ("linkage_index", None),
                        ("linkage_share", None),
                    ),
                    models.Q(
                        ("linkage_base_month__day", 1),
                        ("linkage_base_month__isnull", False),
                        ("linkage_base_value__gt", 0),
                        ("linkage_base_value__isnull", False),
                        ("linkage_base_value__lte", 999999),
                        ("linkage_index__in", ["construction_inputs", "consumer_prices"]),
                        ("linkage_index__isnull", False),
                        ("linkage_share__gte", 0),
                        ("linkage_share__isnull", False),
                        ("linkage_share__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="project_linkage_is_whole",
            ),
        ),
    ]
