from chatbot.knowledge.retrieval import MAX_QUESTION, Document, KeywordIndex

DELIVERY = Document(
    "How long does delivery take?", "Two to four working days.", ("When will it arrive?",)
)
RETURNS = Document("How do I return an item?", "Within 15 days, press Return.")
REFUND = Document("退款多久到账？", "一到三个工作日原路退回。")


def test_the_document_that_is_asked_for_comes_first() -> None:
    index = KeywordIndex([DELIVERY, RETURNS, REFUND])
    assert index.search("how can I return this")[0].number == 1
    assert index.search("退款什么时候到")[0].number == 2


def test_another_wording_is_found_like_the_title() -> None:
    assert KeywordIndex([RETURNS, DELIVERY]).search("when does it arrive")[0].number == 1


def test_a_title_asked_word_for_word_is_certain_to_be_found() -> None:
    other = Document("Which items cannot be returned?", "Tea.")
    hits = KeywordIndex([other, RETURNS]).search("how do i return an item")
    assert [hit.number for hit in hits] == [1, 0]
    assert hits[0].confidence == 1


def test_a_synonym_finds_what_its_word_would() -> None:
    coupon = Document("How do I use a coupon?", "At checkout.")
    assert KeywordIndex([RETURNS, coupon]).search("my voucher")[0].number == 1


def test_unknown_words_lower_the_confidence() -> None:
    index = KeywordIndex([DELIVERY, RETURNS, REFUND])
    sure, unsure = index.search("delivery")[0], index.search("delivery of elephants to Mars")[0]
    assert sure.number == unsure.number == 0
    assert 0 < unsure.confidence < sure.confidence / 2 < 0.5


def test_nothing_in_common_finds_nothing() -> None:
    index = KeywordIndex([DELIVERY, RETURNS])
    assert index.search("quantum physics") == index.search("") == index.search("?") == []
    assert KeywordIndex([]).search("delivery") == []


def test_only_the_beginning_of_a_long_question_is_read() -> None:
    index = KeywordIndex([DELIVERY, RETURNS])
    assert index.search("x" * MAX_QUESTION + " delivery") == []
    assert index.search("delivery " + "x " * 20_000)[0].number == 0
