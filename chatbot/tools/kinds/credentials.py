"""How we show a server who we are."""

from chatbot.tools.choices import Auth
from chatbot.tools.models import ToolServer


def auth_headers(server: ToolServer) -> dict[str, str]:
    if server.auth == Auth.BEARER and server.secret:
        return {"Authorization": f"Bearer {server.secret}"}
    if server.auth == Auth.HEADER and server.auth_name:
        return {server.auth_name: server.secret}
    return {}
