from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.conversations import authors, services
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession
from chatbot.moderation.choices import Action, Verdict
from chatbot.moderation.models import AllowedPhrase, Hit, Original, SensitiveWord
from chatbot.moderation.services import add_words
from chatbot.moderation.tests.factories import listed
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.tenants.models import Tenant
from tests.cast import person

WORDS = "/admin/moderation/sensitiveword/"
HITS = "/admin/moderation/hit/"
ORIGINALS = "/admin/moderation/original/"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def ada(in_tenant: Tenant, client: Client) -> User:
    user = person(in_tenant, "ada", role="administrator")
    user.is_staff = True
    user.save()
    client.force_login(user)
    return user


@pytest.fixture
def cleo_in_admin(cleo: User, in_tenant: Tenant, client: Client) -> User:
    cleo.is_staff = True
    cleo.save()
    client.force_login(cleo)
    return cleo


def say(ana: OpenedSession, text: str) -> Message:
    author = authors.customer(ana.customer)
    return services.post_message(conversation=ana.conversation, author=author, text=text).message


def entered(**changed: Any) -> dict[str, Any]:
    speakers = {"for_customers": "on", "for_agents": "on", "for_ai": "on"}
    return {"word": "Idiot", "category": "Insult", "action": "mask", **speakers, **changed}


def test_a_word_is_added_and_found_at_once(ada: User, client: Client, ana: OpenedSession) -> None:
    assert client.post(f"{WORDS}add/", entered(enabled="on")).status_code == 302
    word = SensitiveWord.objects.get()
    assert (word.word, word.normal, word.category) == ("Idiot", "idiot", "insult")
    assert say(ana, "you idiot").text == "you *****"
    line = AuditEntry.objects.get(action="sensitive_word.create")
    assert (line.actor_id, line.data["word"]) == (str(ada.pk), "Idiot")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"word": "x" * 1000}, "at most 60 characters"),
        ({"word": "   "}, "This field is required"),
        ({"word": "?!-"}, "no letter and no digit"),
        ({"word": "C++"}, "One letter or digit is too little"),
        ({"word": "Ｂ-Ａ-Ｄ"}, "is on the list already"),
        ({"for_customers": "", "for_agents": "", "for_ai": ""}, "Choose at least one"),
    ],
)
def test_a_word_that_is_none_is_refused(
    ada: User, client: Client, wrong: dict[str, str], told: str
) -> None:
    listed(ada.tenant, "bad")  # type: ignore[arg-type]
    data = {key: value for key, value in entered(**wrong).items() if value != ""}
    page = client.post(f"{WORDS}add/", data)
    assert page.status_code == 200
    assert told in page.content.decode()
    assert SensitiveWord.objects.count() == 1


def test_a_change_and_the_actions_hold_at_once(
    ada: User, client: Client, ana: OpenedSession, in_tenant: Tenant
) -> None:
    word = listed(in_tenant, "bad")
    client.post(f"{WORDS}{word.pk}/change/", entered(word="worse", enabled="on"))
    assert (say(ana, "bad").text, say(ana, "worse").text) == ("bad", "*****")
    chosen = {"_selected_action": word.pk}
    client.post(WORDS, {**chosen, "action": "disable"})
    assert say(ana, "worse").text == "worse"
    client.post(WORDS, {**chosen, "action": "enable"})
    assert say(ana, "worse").text == "*****"
    client.post(f"{WORDS}{word.pk}/delete/", {"post": "yes"})
    assert say(ana, "worse").text == "worse"


def test_a_text_can_be_tried_out_and_nothing_is_kept(
    ada: User, client: Client, in_tenant: Tenant
) -> None:
    listed(in_tenant, "傻逼", category="insult")
    page = client.post(f"{WORDS}trial/", {"text": f"傻-逼 {CARD}", "speaker": "customer"})
    told = page.content.decode()
    assert "傻逼4111111111111111" in told  # the normal form
    assert "*** ************1111" in told
    assert "insult" in told
    assert "bank card" in told
    assert not Hit.objects.exists()
    assert (
        "None was found."
        in client.post(f"{WORDS}trial/", {"text": "hello", "speaker": "ai"}).content.decode()
    )


def upload(client: Client, content: str, name: str = "words.csv") -> str:
    file = SimpleUploadedFile(name, content.encode())
    return client.post(f"{WORDS}import/", {"file": file}).content.decode()


def test_a_file_is_imported_and_every_line_left_out_is_told(
    ada: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "known")
    told = upload(
        client,
        "\ufeffWord,category,action,applies_to,enabled,note\n"
        "idiot,Insult,mask,,,\n"
        "IDIOT,,,,,\n"
        "known,,,,,\n"
        ",,,,,\n"
        f"{'x' * 1000},,,,,\n"
        "odd,,explode,,,\n"
        "odd,,,strangers,,\n"
        "promise,promise,block,agent ai,no,later\n",
    )
    assert "2 words added." in told
    assert "6 lines were left out:" in told
    for part in ("or stands above in this file", "At most 60", "must be one of", "empty"):
        assert part in told
    promise = SensitiveWord.objects.get(word="promise")
    assert (promise.action, promise.speakers, promise.enabled, promise.note) == (
        "block",
        {"agent", "ai"},
        False,
        "later",
    )
    assert say(ana, "idiot").text == "*****"
    assert AuditEntry.objects.get(action="sensitive_word.import").data == {
        "added": 2,
        "left_out": 6,
    }


def test_what_somebody_else_added_meanwhile_is_no_fault_of_the_file(in_tenant: Tenant) -> None:
    listed(in_tenant, "known")
    normal = SensitiveWord(tenant=in_tenant, word="new", normal="new")
    known = SensitiveWord(tenant=in_tenant, word="KNOWN", normal="known")
    assert add_words(tenant=in_tenant, words=[known, normal]) == 1
    assert add_words(tenant=in_tenant, words=[]) == 0
    words = SensitiveWord.objects.order_by("word").values_list("word", "action", "enabled")
    assert list(words) == [("known", "mask", True), ("new", "mask", True)]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("a,b\n1,2\n", "words.csv", "must name the columns"),
        ("word\nx\x00y\n", "words.csv", "The file is damaged"),
        ("word\nx\n", "words.xlsx", "Files of this type are not taken here."),
        ("word\n" + "x" * 2_200_000, "words.csv", "The file is too large."),
        ("word\n" + "x\n" * 20_002, "words.csv", "At most 20000 words at once"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    ada: User, client: Client, content: str, name: str, told: str
) -> None:
    assert told in upload(client, content, name)
    assert not SensitiveWord.objects.exists()


def test_an_export_runs_nothing_and_can_be_imported_again(
    ada: User, client: Client, in_tenant: Tenant
) -> None:
    listed(in_tenant, "=1+cmd|' /C calc'!A0", Action.BLOCK, category="attack")
    listed(in_tenant, "傻逼", Action.REVIEW)
    text = client.get(f"{WORDS}export/").content.decode()
    assert text.startswith("\ufeffword,category,action,applies_to,enabled,note")
    assert "\n=1" not in text
    before = list(SensitiveWord.objects.values_list("word", "action", "category"))
    SensitiveWord.objects.all().delete()
    assert "2 words added." in upload(client, text)
    assert list(SensitiveWord.objects.values_list("word", "action", "category")) == before


def test_a_phrase_is_allowed_unless_it_is_a_word(
    ada: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "法轮")
    page = "/admin/moderation/allowedphrase/add/"
    assert "sensitive word itself" in client.post(page, {"phrase": "法-轮"}).content.decode()
    assert client.post(page, {"phrase": "法轮机"}).status_code == 302
    assert say(ana, "法轮机").text == "法轮机"


def test_the_queue_shows_what_waits_for_a_person(
    ada: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "lawyer", Action.REVIEW, category="legal")
    listed(in_tenant, "idiot", Action.MASK, category="insult")
    say(ana, "you idiot, my lawyer knows")
    queue = client.get(HITS).content.decode()
    assert "my lawyer knows" in queue
    everything = client.get(f"{HITS}?queue=all").content.decode()
    assert (queue.count("field-word"), everything.count("field-word")) == (1, 2)


def test_supervisors_confirm(
    cleo_in_admin: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "lawyer", Action.REVIEW)
    say(ana, "my lawyer")
    hit = Hit.objects.get()
    client.post(HITS, {"_selected_action": hit.pk, "action": "confirm"})
    hit.refresh_from_db()
    assert (hit.verdict, hit.reviewer) == (Verdict.CONFIRMED, cleo_in_admin)
    assert AuditEntry.objects.filter(action="hit.confirm").count() == 1


def test_a_false_alarm_allows_the_phrase_the_word_stood_in(
    cleo_in_admin: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "dick", Action.REVIEW)
    say(ana, "I read Dick Tracy, every day")
    hit = Hit.objects.get()
    page = f"{HITS}{hit.pk}/verdict/"
    assert 'value="read Dick Tracy"' in client.get(page).content.decode()
    assert client.post(page, {"phrase": "Dick Tracy", "_dismiss": "1"}).status_code == 302
    assert AllowedPhrase.objects.get().phrase == "Dick Tracy"
    hit.refresh_from_db()
    assert hit.verdict == Verdict.FALSE_ALARM
    say(ana, "Dick Tracy again")
    assert Hit.objects.count() == 1


def test_false_alarms_in_one_go_allow_what_stood_around_them(
    cleo_in_admin: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "法轮", Action.REVIEW)
    say(ana, "买一台法轮机吧")
    say(ana, "法轮")
    chosen = list(Hit.objects.values_list("pk", flat=True))
    client.post(HITS, {"_selected_action": chosen, "action": "dismiss"})
    assert set(Hit.objects.values_list("verdict", flat=True)) == {Verdict.FALSE_ALARM}
    assert [each.phrase for each in AllowedPhrase.objects.all()] == ["买一台法轮机吧"]


def test_the_original_is_shown_for_a_reason_and_history_keeps_it(
    ada: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    message = say(ana, f"my card is {CARD}")
    original = Original.objects.get()
    assert CARD not in client.get(ORIGINALS).content.decode()
    assert CARD not in client.get(f"{ORIGINALS}{original.pk}/change/").content.decode()
    page = f"{ORIGINALS}{original.pk}/reveal/"
    assert CARD not in client.get(page).content.decode()
    assert CARD not in client.post(page, {"reason": " "}).content.decode()
    assert CARD in client.post(page, {"reason": "refund of order 7"}).content.decode()
    line = AuditEntry.objects.get(action="message.reveal")
    assert (line.target_id, line.data) == (str(message.pk), {"reason": "refund of order 7"})


def test_who_may_not_read_originals_does_not(
    cleo_in_admin: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    say(ana, f"my card is {CARD}")
    page = f"{ORIGINALS}{Original.objects.get().pk}/reveal/"
    assert client.post(page, {"reason": "curious"}).status_code == 403
    assert not AuditEntry.objects.filter(action="message.reveal").exists()


@pytest.mark.parametrize("at", [WORDS, f"{HITS}?queue=all", ORIGINALS])
def test_lists_cost_the_same_however_long(
    ada: User, client: Client, in_tenant: Tenant, ana: OpenedSession, at: str
) -> None:
    def cost(*numbers: int) -> int:
        for number in numbers:
            listed(in_tenant, f"word{number}")
            say(ana, f"word{number}")
        with CaptureQueriesContext(connection) as spent:
            assert client.get(at).status_code == 200
        return len(spent)

    cost(0)
    assert cost() == cost(*range(1, 21))


def test_a_message_leads_to_its_original(
    ada: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    hidden, plain = say(ana, f"my card is {CARD}"), say(ana, "hello")
    page = f"{ORIGINALS}{Original.objects.get().pk}/reveal/"
    at = "/admin/conversations/message/{}/change/"
    assert page in client.get(at.format(hidden.pk)).content.decode()
    assert "nothing was hidden" in client.get(at.format(plain.pk)).content.decode()
