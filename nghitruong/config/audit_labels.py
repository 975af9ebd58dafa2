"""Every act of the log in words; a test finds the act that has none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LABELS = {
    "accounts.change_password": _("Đổi mật khẩu"),
    "accounts.create": _("Mở tài khoản"),
    "accounts.first_administrator": _("Lập quản trị viên đầu tiên"),
    "accounts.lock": _("Khóa tài khoản"),
    "accounts.reset_password": _("Cấp lại mật khẩu"),
    "accounts.unlock": _("Mở khóa tài khoản"),
    "audit.erase_payload": _("Xóa nội dung một dòng nhật ký theo luật"),
    "councils.add_person": _("Thêm người"),
    "councils.appoint": _("Ghi tư cách thành viên"),
    "councils.create_council": _("Lập Hội đồng trong hệ thống"),
    "councils.dissolve_organization": _("Giải thể tổ chức"),
    "councils.establish_organization": _("Lập tổ chức"),
    "councils.receive_transfer": _("Nhận tài liệu gửi đến"),
    "councils.restore_delegate": _("Thôi tạm đình chỉ đại biểu"),
    "councils.send_transfer": _("Gửi tài liệu cho Hội đồng khác"),
    "councils.set_function": _("Bật, tắt chức năng"),
    "councils.start_term": _("Mở khóa mới"),
    "councils.suspend_delegate": _("Tạm đình chỉ đại biểu"),
    "councils.transfer_arrived": _("Có tài liệu gửi đến"),
    "councils.end_duty": _("Thôi nhiệm vụ"),
    "councils.end_membership": _("Kết thúc tư cách thành viên"),
    "councils.give_duty": _("Giao nhiệm vụ"),
    "councils.link_account": _("Gắn tài khoản với người"),
    "councils.import_delegate": _("Nhập đại biểu từ bảng tính"),
    "councils.undo_import": _("Hoàn tác lượt nhập danh sách"),
    "councils.set_seat": _("Xếp ghế"),
    "councils.update_person": _("Sửa thông tin người"),
    "procedure.override_rule": _("Sửa một quy tắc của Hội đồng"),
    "procedure.remove_holiday": _("Bỏ một ngày nghỉ"),
    "procedure.reset_rule": _("Trả quy tắc về mặc định"),
    "procedure.set_holiday": _("Ghi một ngày nghỉ"),
}
