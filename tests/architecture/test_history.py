"""Whatever is written leaves a line of history, and every line has words."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from chatplatform.audit import words
from tests.architecture.source import name, python_files, tree

FILES = list(python_files())
RECORD = ("chatplatform.audit.services", "record")
OWN = ("realtime", "chatplatform", "chatbot", "workbench")

# Services that write without a line of their own, and why that is right.
WITHOUT_A_LINE = {
    "chatbot.assistant.services.claim_runs": "how the AI works; its answer is the line",
    "chatbot.assistant.services.queue_run": "likewise",
    "chatbot.assistant.services.renew_lease": "likewise",
    "chatbot.assistant.services.max_attempts": "writes nothing",
    "chatbot.assistant.services.is_turn": "writes nothing",
    "chatbot.assistant.services.drop_run": "nothing was said",
    "chatbot.assistant.briefs.services.write_brief": "the transfer has the line",
    "chatbot.assistant.briefs.services.improve_brief": "likewise; who wrote it stands in the brief",
    "chatbot.conversations.services.messages.announce_typing": "nothing is kept",
    "chatbot.conversations.services.notices.add_notice": "the transition it tells of has the line",
    "chatbot.evaluation.services.runs.claim_evaluation": "how sets are asked; its start has a line",
    "chatbot.evaluation.services.runs.note_progress": "likewise",
    "chatbot.evaluation.services.runs.keep": "likewise",
    "chatbot.evaluation.services.runs.fail_evaluation": "likewise",
    "chatbot.knowledge.services.citations.record_citations": "the answer is the line",
    "chatbot.knowledge.services.articles.draft_of": "writes nothing",
    "chatbot.knowledge.services.importing.claim_import": "how imports work; their end has a line",
    "chatbot.knowledge.services.importing.renew_import": "likewise",
    "chatbot.knowledge.services.importing.let_others_in": "likewise",
    "chatbot.knowledge.services.importing.take_in": "likewise",
    "chatbot.knowledge.services.importing.give_up_item": "likewise",
    "chatbot.knowledge.services.passages.renew_passages": "part of a change that has its line",
    "chatbot.knowledge.services.questions.note_unanswered": "the customer's message is the line",
    "chatbot.tools.services.finishing.finish_read": "the call itself is the line; it only read",
    "chatbot.tools.services.servers.note_health": "the server's state, not a change of it",
    "chatbot.tools.services.working.claim_call": "how calls are run; their end has a line",
    "chatbot.moderation.services.findings.keep_findings": "what was said has the line",
    "chatbot.moderation.services.findings.announce_alerts": "nothing is kept",
    "chatplatform.accounts.services.choose_language": "her own matter, and no secret",
    "chatplatform.configuration.services.check_may_change": "writes nothing",
    "chatplatform.dictionaries.services.check_may_change": "likewise",
    "chatplatform.tenants.services.access.bump_access": "part of a change that has its line",
    "workbench.copilot.services.stop_copilot": "nothing is kept",
    "workbench.desk.services.mark_read": "how far she has read is her own matter",
}


def module_of(path: Path) -> str:
    return name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}


def is_service(module: str) -> bool:
    return module.endswith(".services") or ".services." in module


@cache
def imported(module: str) -> dict[str, str]:
    """What the module's names stand for, written in full."""
    found: dict[str, str] = {}
    for node in ast.walk(tree(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


@cache
def functions(module: str) -> dict[str, ast.FunctionDef]:
    body = tree(MODULES[module]).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def called(module: str, function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """The functions of ours that it names: (module, function)."""
    known = imported(module)
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            if node.id in functions(module):
                yield module, node.id
            elif node.id in known:
                yield tuple(known[node.id].rsplit(".", 1))  # type: ignore[misc]  # of two
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield known.get(node.value.id, ""), node.attr


@cache
def home_of(module: str, function: str) -> tuple[str, str]:
    """Where a function that a package passes on is written."""
    if module in MODULES and function not in functions(module):
        place = imported(module).get(function, "")
        if place.startswith(OWN):
            return home_of(*place.rsplit(".", 1))
    return module, function


def records(module: str, function: str, seen: set[tuple[str, str]] | None = None) -> bool:
    """Whether the function writes a line, or leads to one that does."""
    seen = set() if seen is None else seen
    place = home_of(module, function)
    if place == RECORD:
        return True
    if place in seen or place[0] not in MODULES or place[1] not in functions(place[0]):
        return False
    seen.add(place)
    body = functions(place[0])[place[1]]
    return any(records(*further, seen) for further in called(place[0], body))


def services() -> Iterator[tuple[str, str]]:
    for module in filter(is_service, MODULES):
        if module != RECORD[0]:
            yield from ((module, each) for each in functions(module) if not each.startswith("_"))


def test_every_service_that_writes_leaves_a_line() -> None:
    without = {f"{module}.{each}" for module, each in services() if not records(module, each)}
    assert without - set(WITHOUT_A_LINE) == set()


def test_the_exceptions_are_still_needed() -> None:
    known = {f"{module}.{each}": records(module, each) for module, each in services()}
    assert [each for each in WITHOUT_A_LINE if known.get(each, True)] == []


def test_the_search_finds_what_it_should() -> None:
    assert records("chatbot.conversations.services", "accept_conversation")
    assert records("chatbot.knowledge.services", "publish_article")
    assert len(list(services())) > 20


def literals(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            noun, _, verb = part.value.partition(".")
            if noun and verb:  # else it is a piece of an f-string
                yield part.value


def actions() -> Iterator[str]:
    """Every action that is written out in our code."""
    for path in FILES:
        if "record" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword | ast.Assign) and "action" in names(node):
                yield from literals(node.value)


def names(node: ast.keyword | ast.Assign) -> set[str | None]:
    if isinstance(node, ast.keyword):
        return {node.arg}
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def test_every_action_has_words() -> None:
    named = dict(words.actions())
    assert {action for action in actions() if action not in named} == set()


def test_every_kind_of_target_has_a_word() -> None:
    kinds = {action.partition(".")[0] for action, _ in words.actions()}
    assert kinds - words.target_kinds() == set()
