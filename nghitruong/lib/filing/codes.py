"""Kinds of documents and bodies as their symbols name them (NĐ 30/2020/NĐ-CP, Phụ lục III)."""

from __future__ import annotations

from typing import Final

from nghitruong.lib.text import fold

# Symbol → name. The order decides which heading is tried first: long names before their parts.
KINDS: Final[dict[str, str]] = {
    "BCTT": "Báo cáo thẩm tra",
    "NQ": "Nghị quyết",
    "NĐ": "Nghị định",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TTLT": "Thông tư liên tịch",
    "TT": "Thông tư",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "CĐ": "Công điện",
    "GM": "Giấy mời",
    "GTT": "Giấy triệu tập",
    "CV": "Công văn",
    "PL": "Pháp lệnh",
    "SL": "Sắc lệnh",
    "DS": "Danh sách",
    "BTH": "Bảng tổng hợp",
    "L": "Luật",
}

# Body symbol → name, for bodies whose symbol alone says who they are.
STATE_BODIES: Final[dict[str, str]] = {
    "UBTVQH": "Ủy ban Thường vụ Quốc hội",
    "QH": "Quốc hội",
    "CP": "Chính phủ",
    "TTg": "Thủ tướng Chính phủ",
    "CTN": "Chủ tịch nước",
    "BCA": "Bộ Công an",
    "BQP": "Bộ Quốc phòng",
    "BTC": "Bộ Tài chính",
    "BNV": "Bộ Nội vụ",
    "BTP": "Bộ Tư pháp",
    "BXD": "Bộ Xây dựng",
    "BYT": "Bộ Y tế",
    "BCT": "Bộ Công Thương",
    "BNG": "Bộ Ngoại giao",
    "BGDĐT": "Bộ Giáo dục và Đào tạo",
    "BKHCN": "Bộ Khoa học và Công nghệ",
    "BNNMT": "Bộ Nông nghiệp và Môi trường",
    "BNNPTNT": "Bộ Nông nghiệp và Phát triển nông thôn",
    "BTNMT": "Bộ Tài nguyên và Môi trường",
    "BVHTTDL": "Bộ Văn hóa, Thể thao và Du lịch",
    "BDTTG": "Bộ Dân tộc và Tôn giáo",
    "BGTVT": "Bộ Giao thông vận tải",
    "BKHĐT": "Bộ Kế hoạch và Đầu tư",
    "BLĐTBXH": "Bộ Lao động - Thương binh và Xã hội",
    "BTTTT": "Bộ Thông tin và Truyền thông",
    "NHNN": "Ngân hàng Nhà nước Việt Nam",
    "TTCP": "Thanh tra Chính phủ",
    "TANDTC": "Tòa án nhân dân tối cao",
    "VKSNDTC": "Viện kiểm sát nhân dân tối cao",
    "KTNN": "Kiểm toán nhà nước",
    "VPCP": "Văn phòng Chính phủ",
    "VPQH": "Văn phòng Quốc hội",
    "MTTQ": "Ủy ban Mặt trận Tổ quốc Việt Nam",
}
LOCAL_BODIES: Final[dict[str, str]] = {
    "HĐND": "Hội đồng nhân dân",
    "UBND": "Ủy ban nhân dân",
    "TTHĐND": "Thường trực Hội đồng nhân dân",
    "ĐGS": "Đoàn giám sát",
    "VP": "Văn phòng",
}
_MORE = ("BPC", "BKTNS", "BVHXH", "BDT", "BĐT", "TAND", "VKSND", "CTHADS", "ĐĐBQH")

# Folded symbol → symbol as it is written: names of files seldom keep marks and capitals.
KIND_BY_FOLD: Final[dict[str, str]] = {fold(code): code for code in KINDS if len(code) > 1} | {
    "luat": "L",
    "nghi-quyet": "NQ",
}
BODY_BY_FOLD: Final[dict[str, str]] = {
    fold(code): code for code in (*STATE_BODIES, *LOCAL_BODIES, *_MORE)
}
NAME_BY_FOLD: Final[dict[str, str]] = {fold(name): code for code, name in KINDS.items()}

# Places of the first tier, for giving capital letters back to a heading set in capitals.
PROVINCES: Final = (
    "An Giang",
    "Bắc Ninh",
    "Cà Mau",
    "Cao Bằng",
    "Cần Thơ",
    "Đà Nẵng",
    "Đắk Lắk",
    "Điện Biên",
    "Đồng Nai",
    "Đồng Tháp",
    "Gia Lai",
    "Hà Nội",
    "Hà Tĩnh",
    "Hải Phòng",
    "Hồ Chí Minh",
    "Huế",
    "Hưng Yên",
    "Khánh Hòa",
    "Lai Châu",
    "Lạng Sơn",
    "Lào Cai",
    "Lâm Đồng",
    "Nghệ An",
    "Ninh Bình",
    "Phú Thọ",
    "Quảng Ngãi",
    "Quảng Ninh",
    "Quảng Trị",
    "Sơn La",
    "Tây Ninh",
    "Thái Nguyên",
    "Thanh Hóa",
    "Tuyên Quang",
    "Vĩnh Long",
    "Bà Rịa - Vũng Tàu",
    "Bạc Liêu",
    "Bắc Giang",
    "Bắc Kạn",
    "Bến Tre",
    "Bình Dương",
    "Bình Định",
    "Bình Phước",
    "Bình Thuận",
    "Đắk Nông",
    "Hà Giang",
    "Hà Nam",
    "Hải Dương",
    "Hậu Giang",
    "Hòa Bình",
    "Kiên Giang",
    "Kon Tum",
    "Long An",
    "Nam Định",
    "Ninh Thuận",
    "Phú Yên",
    "Quảng Bình",
    "Quảng Nam",
    "Sóc Trăng",
    "Thái Bình",
    "Tiền Giang",
    "Trà Vinh",
    "Vĩnh Phúc",
    "Yên Bái",
    "Thừa Thiên Huế",
)


def written(symbol: str) -> str:
    """A symbol as it is officially written: «ttr-ubnd» → «TTr-UBND», «QD-UBND» → «QĐ-UBND».

    Parts nobody knows keep their letters, in capitals when they came without any.
    """
    parts = symbol.split("-")
    out = []
    for index, part in enumerate(parts):
        key = fold(part)
        known = KIND_BY_FOLD.get(key) if index == 0 else None
        if known in (None, "L"):
            known = BODY_BY_FOLD.get(key) or KIND_BY_FOLD.get(key)
        if known in (None, "L") and key[:-2] in ("qh", "ubtvqh") and key[-2:].isdecimal():
            known = key.upper()
        out.append(known if known not in (None, "L") else part.upper() if part.islower() else part)
    return "-".join(out)
