import io

from docx import Document

from nghitruong.platform.files import cards
from nghitruong.platform.files.official import Letterhead, OfficialDocument, Signature

PEOPLE = [
    cards.Card(f"Lê Thị Cúc {n}", "Đại biểu", "Bác sĩ", "Tổ số 1 · ghế 5", f"http://h/{n}")
    for n in range(12)
]


def test_every_person_has_a_badge_with_a_code_of_their_own():
    data = cards.badges("Hội đồng nhân dân tỉnh Lào Cai", "Kỳ họp thứ 4", PEOPLE)
    word = Document(io.BytesIO(data))
    text = "\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    assert all(card.name in text for card in PEOPLE)
    assert len(word.tables) == 2  # ten on a page
    images = {part.sha1 for part in word.part.package.image_parts}
    assert len(images) == 12
    assert data == cards.badges("Hội đồng nhân dân tỉnh Lào Cai", "Kỳ họp thứ 4", PEOPLE)


def test_name_plates_stand_three_on_a_page():
    word = Document(io.BytesIO(cards.plates(PEOPLE[:4])))
    assert [len(table.rows) for table in word.tables] == [3, 1]
    assert word.tables[0].rows[0].cells[0].text.startswith("LÊ THỊ CÚC 0")


def test_letters_copied_in_one_file_read_as_if_each_was_drawn_alone():
    """The letterhead and the signature are drawn once and copied: only the number differs."""

    def letter(document, number):
        document.title("Giấy triệu tập")
        document.paragraph("Kính gửi **bà Lê Thị Cúc**\tghế 5")
        document.signature(Signature("TM. Thường trực", "Chủ tịch", "Nguyễn Văn An"), ["Như trên"])

    def head(number):
        return Letterhead("HĐND tỉnh", "Lào Cai", "ngày 08 tháng 12 năm 2026", number=number)

    def words(data):
        body = Document(io.BytesIO(data)).element.body
        return [node.text or "" for node in body.iter() if node.tag.endswith("}t")]

    many = OfficialDocument(head("01/GTT"))
    letter(many, 1)
    for number in (2, 3):
        many.new_document(head(f"{number:02d}/GTT"))
        letter(many, number)
    alone = []
    for number in (1, 2, 3):
        one = OfficialDocument(head(f"{number:02d}/GTT"))
        letter(one, number)
        alone += words(one.to_bytes())
    assert words(many.to_bytes()) == alone
    assert [text for text in alone if "GTT" in text] == ["Số: 01/GTT", "Số: 02/GTT", "Số: 03/GTT"]
