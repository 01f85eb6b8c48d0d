from tests.journeys.conversation import under_way
from tests.people import Agent, Customer, at_once, ok
from tests.servers import Platform


def test_a_transfer_reaches_the_agent_in_the_other_process(running: Platform) -> None:
    customer = Customer(running, name="Ana")
    with Agent(running).listens() as desk:
        customer.asks_for_a_person("my parcel is lost")
        heard = desk.wait_for(lambda event: event.type == "transfer_request")
        assert heard.payload["session_name"] == customer.session
        assert heard.payload["customer"]["name"] == "Ana"
        assert heard.payload["reason"] == "my parcel is lost"
        assert heard.envelope["source"] == "ai_chatbot"


def test_both_sides_talk_and_the_agent_closes(running: Platform) -> None:
    with under_way(running) as talk:
        talk.goes_on(turns=5)
        talk.everyone_has_everything()
        talk.agent.closes(talk.customer.session)
        closed = talk.widget.wait_for(
            lambda event: event.type == "status_change" and event.payload["status"] == "resolved"
        )
        assert closed.payload["previous"] == "active"
        assert talk.customer.status() == "resolved"


def test_the_ai_answers_from_the_articles_and_names_its_source(running: Platform) -> None:
    customer = Customer(running)
    with customer.listens() as widget:
        customer.says("How long does delivery take?")
        answer = widget.wait_for(
            lambda event: event.type == "new_message" and event.payload["author"]["kind"] == "ai"
        )
        assert answer.payload["data"], "an answer names where it stands"


def test_two_agents_accept_at_once_and_one_of_them_wins(running: Platform) -> None:
    first, second = Agent(running, "agent1"), Agent(running, "agent2")
    for _ in range(5):
        customer = Customer(running)
        customer.asks_for_a_person()
        answers = at_once(
            lambda name=customer.session: first.accepts(name),
            lambda name=customer.session: second.accepts(name),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        won, lost = sorted(answers, key=lambda answer: int(answer.status_code))
        assert lost.headers["content-type"].startswith("application/problem+json")
        assert lost.json()["session"]["agent"] == ok(won)["agent"]


def test_another_tenant_s_agent_hears_and_sees_nothing(running: Platform) -> None:
    outsider = Agent(running, "outsider")
    customer = Customer(running)
    with outsider.listens() as elsewhere, Agent(running).listens() as desk:
        customer.asks_for_a_person()
        desk.wait_for(lambda event: event.type == "transfer_request")
        assert outsider.accepts(customer.session).status_code == 404
        assert elsewhere.heard == []
