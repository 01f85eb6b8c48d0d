import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_presence")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="username_in_any_case",
                violation_error_message="A user with that username already exists.",
            ),
        ),
        # the key of an attempt speaks of the address as well
        migrations.RemoveIndex("loginlog", "accounts_lo_name_ke_627a03_idx"),
        migrations.AddIndex(
            "loginlog",
            models.Index(fields=["name_key", "-id"], name="accounts_lo_name_ke_d4a02e_idx"),
        ),
    ]
