"""What happens to roles and menus, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "role.create": _("Role made"),
        "role.change": _("Role changed"),
        "role.delete": _("Role deleted"),
        "menu.arrange": _("Menu arranged"),
    },
    targets={
        "role": Target(_("Role"), "roles.Role", "name"),
        "menu": Target(_("Menu")),
    },
)
