import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chatplatform.protection import uploads
from chatplatform.protection.uploads import KINDS, FileTooLarge, WrongFileType, check_upload


def archive(*parts: str, content: bytes = b"<w/>") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for part in parts:
            zipped.writestr(part, content)
    return packed.getvalue()


PDF = b"%PDF-1.7\n%..."
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
WORD = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("manual.pdf", PDF, "pdf"),
        ("MANUAL.PDF", PDF, "pdf"),
        ("cup.png", PNG, "png"),
        ("cup.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        ("cup.webp", b"RIFF\x24\0\0\0WEBPVP8 ", "webp"),
        ("faq.docx", WORD, "docx"),
        ("faq.xlsx", archive("xl/workbook.xml"), "xlsx"),
        ("faq.md", "# Fragen \u00fc\u4e2d\n".encode(), "md"),
        ("faq.csv", b"\xef\xbb\xbfa;b\r\n1;2", "csv"),
    ],
)
def test_a_file_is_what_its_content_is(name: str, content: bytes, kind: str) -> None:
    file = SimpleUploadedFile(name, content, content_type="application/x-anything")
    assert check_upload(file, KINDS) == kind
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manual.pdf", b"MZ\x90\0 a program"),
        ("manual.pdf.exe", PDF),
        ("manual", PDF),
        ("cup.png", b"<svg onload=alert(1)>"),
        ("cup.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("faq.docx", archive("payload.js")),
        ("faq.docx", b"PK\x03\x04 and nothing more"),
        ("faq.txt", b"\x00\x01\x02"),
        ("faq.txt", "caf\u00e9".encode("latin-1")),
        ("faq.txt", b""),
        ("cup.png\r\nX-Evil: 1", PNG),
    ],
)
def test_what_lies_about_itself_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(WrongFileType):
        check_upload(SimpleUploadedFile(name, content), KINDS)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("cup.exe", b"MZ", "Files of this type are not taken here."),
        ("faq.txt", b"", "The file is empty."),
        ("faq.docx", b"hi", "The file is damaged, or not what its name says."),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_file(name: str, content: bytes, why: str) -> None:
    with pytest.raises(WrongFileType) as refused:
        check_upload(SimpleUploadedFile(name, content), {"txt", "docx"})
    assert str(refused.value.detail) == why


def test_only_the_kinds_that_are_asked_for_are_taken() -> None:
    with pytest.raises(WrongFileType) as refused:
        check_upload(SimpleUploadedFile("cup.png", PNG), {"pdf", "md"})
    assert refused.value.extra == {"allowed": ["md", "pdf"]}


def test_a_file_beyond_the_limit_is_not_even_read() -> None:
    with pytest.raises(FileTooLarge) as refused:
        check_upload(SimpleUploadedFile("manual.pdf", PDF), {"pdf"}, most=4)
    assert refused.value.status == 413


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1000)
    bomb = archive("word/document.xml", content=b"0" * 2000)
    assert len(bomb) < 1000
    with pytest.raises(WrongFileType):
        check_upload(SimpleUploadedFile("faq.docx", bomb), {"docx"})
