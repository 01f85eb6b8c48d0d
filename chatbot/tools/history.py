"""What happens to tools and calls, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "tool_server.create": _("Tool server added"),
        "tool_server.change": _("Tool server changed"),
        "tool_server.delete": _("Tool server deleted"),
        "tool_server.ask": _("Tools of the server asked for"),
        "tool_server.sync": _("Tools fetched from the server"),
        "tool.create": _("Tool added"),
        "tool.change": _("Tool changed"),
        "tool.accept": _("Change of a tool accepted"),
        "tool.delete": _("Tool deleted"),
        "tool_call.ask": _("The assistant asked for a tool"),
        "tool_call.confirm": _("Tool call confirmed"),
        "tool_call.decline": _("Tool call declined"),
        "tool_call.approve": _("Tool call approved"),
        "tool_call.reject": _("Tool call rejected"),
        "tool_call.expire": _("Nobody decided on a tool call"),
        "tool_call.finish": _("Tool call ended"),
    },
    targets={
        "tool_server": Target(_("Tool server"), "tools.ToolServer", "name"),
        "tool": Target(_("Tool"), "tools.Tool", "name"),
        "tool_call": Target(_("Tool call"), "tools.ToolCall"),
    },
)
