"""The cast, and the bodies around a council: who always appears in the demo, tests and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import CLERK_DUTIES


@dataclass(frozen=True)
class Member:
    """A member of the cast: user name, full name, posts and duties."""

    username: str
    name: str
    gender: str
    title: str
    delegate: bool = False
    post: tuple[str, str, str] | None = None  # organization code, post, label
    plenary_post: tuple[str, str] = ("delegate", "Đại biểu")
    committee: str | None = None
    group: int | None = None
    duties: tuple[str, ...] = ()
    birth: date | None = None
    body: str | None = None  # organization code of an agency


CAST = (
    Member(
        "an",
        "Nguyễn Văn An",
        "M",
        "Chủ tịch HĐND tỉnh",
        delegate=True,
        post=("TT", "council_chair", "Chủ tịch HĐND"),
        plenary_post=("council_chair", "Chủ tịch HĐND"),
        group=1,
    ),
    Member(
        "binh",
        "Trần Thị Bình",
        "F",
        "Chuyên viên Văn phòng, thư ký kỳ họp",
        duties=tuple(sorted(CLERK_DUTIES)),
        body="VP",
    ),
    Member(
        "cuc",
        "Lê Thị Cúc",
        "F",
        "Đại biểu HĐND",
        delegate=True,
        group=1,
        birth=date(1959, 5, 19),
    ),
    Member(
        "dung",
        "Giàng A Dũng",
        "M",
        "Đại biểu HĐND, Ủy viên Ban Dân tộc",
        delegate=True,
        group=2,
        committee="DT",
    ),
    Member("em", "Phạm Thị Em", "F", "Cử tri phường Cam Đường", duties=(DutyKind.GUEST,)),
    Member("giang", "Hoàng Văn Giang", "M", "Giám đốc Sở Xây dựng", body="SXD"),
    Member(
        "hoa",
        "Vũ Thị Hoa",
        "F",
        "Trưởng Ban Pháp chế",
        delegate=True,
        post=("PC", "committee_chair", "Trưởng Ban Pháp chế"),
        group=3,
    ),
    Member("khai", "Đỗ Quang Khải", "M", "Quản trị viên", duties=(DutyKind.ADMIN,)),
    Member("ich", "Trịnh Văn Ích", "M", "Tổ hỗ trợ kỹ thuật", duties=(DutyKind.SUPPORT,)),
    Member("kim", "Đoàn Thị Kim", "F", "Phóng viên Báo Lào Cai", duties=(DutyKind.PRESS,)),
    Member(
        "lam",
        "Bùi Thị Lam",
        "F",
        "Chuyên viên Văn phòng UBND tỉnh",
        body="VPUB",
        duties=(DutyKind.FORWARDER,),
    ),
    Member(
        "minh",
        "Phan Văn Minh",
        "M",
        "Chánh Văn phòng Đoàn ĐBQH và HĐND",
        body="VP",
        duties=(DutyKind.OFFICE_HEAD,),
    ),
    Member("sang", "Đinh Văn Sáng", "M", "Phó Giám đốc Sở Tài chính", body="STC"),
)
COMMUNE_CAST = (
    Member(
        "nam",
        "Lương Văn Nam",
        "M",
        "Chủ tịch HĐND xã",
        delegate=True,
        post=("TT", "council_chair", "Chủ tịch HĐND"),
        plenary_post=("council_chair", "Chủ tịch HĐND"),
        group=1,
    ),
    Member(
        "oanh",
        "Hà Thị Oanh",
        "F",
        "Công chức Văn phòng HĐND và UBND",
        duties=(*sorted(CLERK_DUTIES), DutyKind.ADMIN),
        body="VP",
    ),
    Member("phuc", "Nông Văn Phúc", "M", "Đại biểu HĐND xã", delegate=True, group=2),
    Member("quyen", "Lò Thị Quyên", "F", "Công chức UBND xã", body="UBND"),
)

AGENCIES = (
    ("VPUB", "Văn phòng UBND tỉnh"),
    ("STC", "Sở Tài chính"),
    ("SXD", "Sở Xây dựng"),
    ("SNNMT", "Sở Nông nghiệp và Môi trường"),
    ("SGDDT", "Sở Giáo dục và Đào tạo"),
    ("SYT", "Sở Y tế"),
    ("SNV", "Sở Nội vụ"),
    ("STP", "Sở Tư pháp"),
    ("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
    ("SCT", "Sở Công Thương"),
    ("SKHCN", "Sở Khoa học và Công nghệ"),
    ("SDTTG", "Sở Dân tộc và Tôn giáo"),
    ("TAND", "Tòa án nhân dân tỉnh"),
    ("VKSND", "Viện kiểm sát nhân dân tỉnh"),
)
PROVINCE_COMMITTEES = (
    ("PC", "Ban Pháp chế"),
    ("KTNS", "Ban Kinh tế - Ngân sách"),
    ("VHXH", "Ban Văn hóa - Xã hội"),
    ("DT", "Ban Dân tộc"),
)
COMMUNE_COMMITTEES = (("KTNS", "Ban Kinh tế - Ngân sách"), ("VHXH", "Ban Văn hóa - Xã hội"))
