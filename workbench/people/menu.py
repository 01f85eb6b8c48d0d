from django.utils.translation import gettext_lazy as _

from chatplatform.roles.menus import Entry

ENTRY = Entry(
    key="people",
    title=_("People"),
    route="people:list",
    permission="accounts.view_user",
    icon="people",
    order=100,
)
