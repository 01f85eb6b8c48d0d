import pytest
from django.utils.translation import override

from chatbot.tools.choices import Kind
from chatbot.tools.models import Tool, ToolServer
from chatbot.tools.telling.titles import named, summary_of


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(Kind.BUILTIN, "语言: 中文, no title"), (Kind.MCP, "language: 中文, no title")],
)
def test_only_our_own_arguments_are_named_in_the_readers_language(kind: Kind, shown: str) -> None:
    schema = {"properties": {"spoken": {"title": "language"}, "no_title": {}}}
    tool = Tool(server=ToolServer(kind=kind), input_schema=schema)
    with override("zh-hans"):
        summary = summary_of(tool, {"spoken": "中文", "no_title": "x"})
    assert summary == f"{shown}: x"


def test_a_tool_that_is_gone_leaves_the_names() -> None:
    assert named(None, {"order_number": "10001"}) == [("order number", "10001")]


def test_two_arguments_with_one_title_are_both_shown() -> None:
    schema = {"properties": {"payer": {"title": "name"}, "payee": {"title": "name"}}}
    tool = Tool(server=ToolServer(kind=Kind.MCP), input_schema=schema)
    assert named(tool, {"payer": "Ana", "payee": "Sam"}) == [("name", "Ana"), ("name", "Sam")]
