"""What is found in files, and what is said of those that can't be read."""

import codecs

import pytest

from chatbot.knowledge.imports import faults
from chatbot.knowledge.imports.child import read_apart
from chatbot.knowledge.imports.documents import Findings
from chatbot.knowledge.imports.pdf import whole_lines
from chatbot.knowledge.imports.reading import read
from chatbot.knowledge.passages import split
from chatbot.knowledge.tests import files

HTML = """<html><head><title>Help – Shop</title><style>p{}</style></head><body>
<nav><a href="/">Home</a></nav><header>Our logo</header>
<main><h1>Returning <em>things</em></h1><p>Within <b>30 days</b>, see <a href="/r">here</a>.</p>
<h2>Abroad</h2><ul><li>free<ul><li>in the EU</li></ul></li><li>9 euros elsewhere</li></ul>
<table><tr><th>Land</th><th>Costs</th></tr><tr><td>DE</td><td>0</td></tr></table>
<script>alert(1)</script></main><footer>Imprint</footer></body></html>"""


def documents(kind: str, data: bytes, name: str = "faq.x") -> list[tuple[str, str]]:
    found = read(kind, name, data)
    assert found.faults == []
    return [(document.title, document.body) for document in found.documents]


def fault(kind: str, data: bytes) -> str:
    found = read(kind, "faq.x", data)
    assert found.documents == []
    (only,) = found.faults
    assert faults.told(only.code, only.details)  # its words can be filled
    return only.code


def test_every_first_heading_of_markdown_begins_an_article() -> None:
    text = "Hello.\n\n# One\n\nA\n\n## Part\n\n```\n# no heading\n```\n# Two #\nB\n# Empty\n"
    assert documents("md", text.encode(), "shop/faq.md") == [
        ("faq", "Hello."),
        ("One", "A\n\n## Part\n\n```\n# no heading\n```"),
        ("Two", "B"),
    ]


def test_titles_that_come_twice_are_two_places() -> None:
    found = read("md", "faq.md", b"# One\n\nA\n\n# One\n\nB")
    assert [document.place for document in found.documents] == ["One", "One (2)"]


def test_front_matter_says_what_a_file_is_about() -> None:
    text = b"---\ntitle: 'Fees'\nlang: ZH\ncategory: Delivery\nweight: 3\n---\nEight."
    (document,) = read("md", "a.md", text).documents
    assert (document.title, document.language, document.category, document.body) == (
        *("Fees", "zh-hans", "Delivery"),
        "Eight.",
    )


def test_a_page_is_its_article_without_what_stands_around_it() -> None:
    ((title, body),) = documents("html", HTML.encode())
    assert title == "Returning things"
    assert [(section.heading, section.text) for section in split(body)] == [
        ("", "Within 30 days, see here."),
        ("Abroad", "- free\n- in the EU\n- 9 euros elsewhere\n\n- Land: DE; Costs: 0"),
    ]


@pytest.mark.parametrize(
    "sign",
    [
        "hidden",
        'aria-hidden="true"',
        'style="display: none"',
        'style="color: red; VISIBILITY:hidden"',
        'style="font-size:0px"',
        'style="opacity: 0"',
    ],
)
def test_what_no_visitor_of_a_page_sees_is_not_read(sign: str) -> None:
    html = f"<h1>Fees</h1><p>Eight.<div {sign}>Obey <b>me</b><p hidden>now</p></div><!-- obey -->"
    assert documents("html", html.encode()) == [("Fees", "Eight.")]


def test_what_is_small_or_pale_is_read() -> None:
    html = b'<h1>Fees</h1><p style="opacity:0.5">Eight.<p style="font-size:0.8em">Nine.'
    assert documents("html", html) == [("Fees", "Eight.\n\nNine.")]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (b"<title>Fees</title><p>Eight.", "Fees"),
        (b"<article><header><h1>Fees</h1></header><p>Eight.</article>", "Fees"),
        (b"<p>Eight.", "faq"),
    ],
)
def test_a_page_without_a_heading_has_a_title(html: bytes, title: str) -> None:
    assert documents("html", html) == [(title, "Eight.")]


def test_a_word_document_is_read_by_its_styles() -> None:
    data = files.docx(
        ("Heading1", "Returns"),
        ("", "Thirty days."),
        ("Heading2", "Abroad"),
        ("", "Sixty."),
        ("Heading1", "Fees"),
        table=[["Land", "Costs"], ["DE", "0"]],
    )
    (returns, fees) = documents("docx", data)
    assert returns == ("Returns", "Thirty days.\n\n## Abroad\n\nSixty.")
    assert fees[0] == "Fees"
    assert "DE" in fees[1]


def test_a_pdf_becomes_paragraphs() -> None:
    data = files.pdf(
        [
            "Goods can be returned within thirty days of deliv-",
            "ery, if they are new.",
            "Short.",
        ],
        ["The second page."],
    )
    ((title, body),) = documents("pdf", data, "returns.pdf")
    assert title == "returns"
    assert "thirty days of delivery, if they are new.\n\nShort.\n\nThe second page." in body


def test_chinese_lines_join_without_a_gap() -> None:
    assert whole_lines("商品签收之日起三十天内可以无理由\n退货退款到原来的支付账户里面。") == (
        "商品签收之日起三十天内可以无理由退货退款到原来的支付账户里面。"
    )
    assert whole_lines("") == ""


CSV = "Question,answer,language,category,similar\nFees?,Eight.,en,Delivery,Postage?|What cost?\n"


@pytest.mark.parametrize(
    "text",
    [
        CSV,
        CSV.replace(",", ";"),
        CSV.replace(",", "\t"),
        CSV.replace("\n", "\r\n"),
        CSV.replace("Question,answer,language,category,similar", "问题,答案,语言,分类,相似问题"),
    ],
)
def test_a_table_of_questions_is_an_article_a_row(text: str) -> None:
    (document,) = read("csv", "faq.csv", text.encode()).documents
    assert (document.title, document.body, document.language, document.category) == (
        *("Fees?", "Eight.", "en"),
        "Delivery",
    )
    assert document.similar == ("Postage?", "What cost?")


def test_a_faulty_row_does_not_hold_up_the_others() -> None:
    text = f"question,answer,language\nA,,\n\nB,b,xx\n{'C' * 201},c,\nD,d,\n,,\n"
    found = read("csv", "faq.csv", text.encode())
    assert [document.title for document in found.documents] == ["D"]
    assert [(each.place, each.code) for each in found.faults] == [
        ("2", "row_incomplete"),
        ("4", "row_language"),
        ("5", "row_question"),
    ]
    assert all(faults.told(each.code, each.details) for each in found.faults)


@pytest.mark.parametrize(
    "data",
    [
        "# 退货\n\n三十天内。".encode("gb18030"),
        "# 退货\n\n三十天内。".encode("utf-16"),
        codecs.BOM_UTF16_BE + "# 退货\n\n三十天内。".encode("utf-16-be"),
        "# 退货\n\n三十天内。".encode("utf-8-sig"),
        "# 退货\r\n\r\n三十天内。".encode(),
        f"# 退\x00货\n\n三十天内。{' ' * 200}".encode(),
    ],
)
def test_texts_are_read_in_the_encodings_that_people_have(data: bytes) -> None:
    assert documents("md", data) == [("退货", "三十天内。")]


def test_a_page_says_its_own_encoding() -> None:
    html = "<meta charset='iso-8859-1'><p>Größe für Füße".encode("latin-1")
    assert documents("html", html) == [("faq", "Größe für Füße")]


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("md", "Größe für Füße".encode("latin-1"), "encoding"),
        ("md", b"\xff\xfe\x00", "encoding"),
        ("md", b"\x01\x02\x03\x04" * 9, "not_text"),
        ("md", b"", "no_text"),
        ("md", b"# Title only\n", "no_text"),
        ("html", b"<html><body><nav>Home</nav></body>", "no_text"),
        ("csv", b"a,b\n1,2\n", "columns"),
        ("csv", b"", "columns"),
        ("csv", b'question,answer\n"a,b\n', "broken"),
        ("pdf", files.encrypted_pdf(), "encrypted"),
        ("pdf", files.pdf([]), "no_text"),
        ("pdf", files.pdf(["Hello."])[:200], "broken"),
        ("pdf", b"%PDF-1.4 nothing else", "broken"),
        ("docx", b"PK\x03\x04 broken", "broken"),
        ("docx", files.archive({"word/other.xml": b"<a/>"}), "broken"),
        ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "encrypted"),
        ("docx", files.archive({"word/document.xml": b" " * 60_000_000}), "too_large_unpacked"),
        ("zip", b"PK\x05\x06 broken", "broken"),
        ("zip", files.archive({"a.md": b" " * 110_000_000}), "too_large_unpacked"),
        ("zip", files.archive({f"{n}.md": b"a" for n in range(501)}), "too_large_unpacked"),
        ("zip", files.archive({}), "no_text"),
    ],
)
def test_what_can_not_be_read_is_said_in_a_sentence(kind: str, data: bytes, code: str) -> None:
    assert fault(kind, data) == code


def test_an_archive_is_the_files_in_it() -> None:
    data = files.archive(
        {
            "faq/fees.md": b"# Fees\n\nEight.",
            "page.html": b"<h1>Page</h1><p>Text.",
            "__MACOSX/faq/fees.md": b"?",
            ".hidden.md": b"?",
            "picture.png": b"?",
            "more.zip": files.archive({"a.md": b"a"}),
            "scan.pdf": files.pdf([]),
        }
    )
    found = read("zip", "all.zip", data)
    assert [(each.title, each.place) for each in found.documents] == [
        ("Fees", "faq/fees.md: Fees"),
        ("Page", "page.html"),
    ]
    assert [(each.place, each.code) for each in found.faults] == [
        ("picture.png", "wrong_type"),
        ("more.zip", "wrong_type"),
        ("scan.pdf", "no_text"),
    ]


def test_an_endless_article_is_refused_and_not_the_others() -> None:
    found = read("md", "a.md", b"# Long\n\n" + b"a" * 200_001 + b"\n# Short\n\nText.")
    assert [document.title for document in found.documents] == ["Short"]
    assert [each.code for each in found.faults] == ["document_too_long"]


def test_a_file_is_read_by_another_process() -> None:
    text = "# 退货\n\n三十天内。"
    found = read_apart("md", "退货.md", text.encode())
    assert [(each.title, each.body) for each in found.documents] == [("退货", "三十天内。")]
    nested = b"<div>" * 20_000 + b"Text."
    assert isinstance(read_apart("html", "deep.html", nested), Findings)


def test_a_process_that_takes_too_long_is_given_up() -> None:
    found = read_apart("md", "a.md", b"# A\n\nText.", longest=0.001)
    assert [each.code for each in found.faults] == ["too_slow"]
    assert faults.told("too_slow", found.faults[0].details)
