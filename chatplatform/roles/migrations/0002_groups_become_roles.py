from django.db import migrations


def make_roles(apps, schema_editor):
    """Groups that were there gave their permissions with every row of the tenant: so they stay."""
    Role = apps.get_model("roles", "Role")
    for group in apps.get_model("auth", "Group").objects.filter(role=None):
        Role.objects.create(group=group, name=group.name[:60], scope="all")


class Migration(migrations.Migration):

    dependencies = [
        ("roles", "0001_roles"),
    ]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
