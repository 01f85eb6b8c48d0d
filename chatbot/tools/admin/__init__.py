from chatbot.tools.admin import calls, servers, tools

__all__ = ["calls", "servers", "tools"]
