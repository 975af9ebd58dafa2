"""Who may open what: every URL of the product × every role. The tests beside read this table.

A row says which roles of the council get the page (or may do the act); all other people of the
council get ``denied``: 403 with the reason where they may know that the thing exists, 404 where
they may not. Two walls need no row, they hold for every URL of a council: nobody signed in → the
sign-in page; a person of another council → 404.

Writing a URL? Add its row here: a URL without one fails the build.
"""

from __future__ import annotations

from tests.permissions.rows import (
    ACCOUNTS,
    ALL,
    HALL,
    LOG,
    MANAGES,
    NOBODY,
    OFFICE,
    OUTSIDERS,
    PREPARES,
    READS,
    SPEAKS,
    Rows,
    act,
    assist_data,
    form,
    page,
    prepare_data,
    step_data,
)

# Outside any council: name → what it is. Tested one by one in test_urls.py.
OUTSIDE = {
    "front_door": "chỉ người đã đăng nhập; đưa về Hội đồng của mình",
    "account_login": "ai cũng mở được",
    "account_logout": "ai cũng mở được; chỉ POST mới đăng xuất",
    "account_inactive": "ai cũng mở được",
    "account_change_password": "chỉ người đã đăng nhập",
    "setup": "chưa có tài khoản nào: ai biết mã trên máy chủ; sau đó: quản trị viên hệ thống",
    "setup_council": "như trên",
    "install": "ai cũng mở được khi có chứng chỉ của tls init; không có thì không có trang",
    "install_file": "như trên",
    "install_profile": "như trên",
    "guest_entry": "ai cũng mở được; trang như nhau với mọi tên (guests/tests)",
    "guest_token": "như trên",
    "push_worker": "ai cũng mở được: một đoạn mã không có dữ liệu",
    "help": "ai cũng mở được",
    "help_guide": "ai cũng mở được",
    "help_picture": "ai cũng mở được",
    "common_holidays": "chỉ quản trị viên của cả hệ thống; người khác: 404",
    "set_language": "ai cũng được; chỉ POST mới đổi",
    "worker": "ai cũng mở được: mã chạy trên máy, không có gì của ai",
    "offline": "ai cũng mở được: trang khi không có mạng, không có gì của ai",
    "device": "ai có mã bí mật của máy: chỉ biết máy ấy có bị báo mất không",
    "demo_sign_in": "chỉ bản minh họa, chỉ POST",
}

MATRIX: dict[str, Rows] = {
    "home": page(ALL),
    "ready": page(OFFICE),
    # The log.
    "audit:entries": page(LOG),
    "audit:entry": page(LOG),
    "audit:erase": act(frozenset({"admin"}), {"reason": "Luật 91/2025/QH15"}),
    # Notices: each person's own; the one of the world is Lê Thị Cúc's.
    "notices:notices": page(ALL),
    "notices:arrived": act(ALL),
    "notices:open": page(frozenset({"delegate"}), denied=404),
    "notices:ways": page(ALL),
    "notices:add_address": act(ALL),
    "notices:add_device": act(ALL),
    "notices:verify": act(frozenset({"delegate"}), {"code": "123456"}, denied=404),
    "notices:send_code": act(frozenset({"delegate"}), denied=404),
    "notices:remove": act(frozenset({"delegate"}), denied=404),
    "notices:settings": page(frozenset({"admin"})),
    "notices:send_test": act(frozenset({"admin"})),
    # Accounts and duties.
    "access:accounts": page(ACCOUNTS),
    "access:account": page(ACCOUNTS),
    "access:open_account": act(frozenset({"admin"}), {"username": "moi"}),
    "access:reset_access": act(frozenset({"admin", "support"})),
    "access:set_active": act(frozenset({"admin"}), {"active": "0"}),
    "access:grant": act(OFFICE, {"kind": "press"}),
    "access:revoke": act(OFFICE),
    # The council: people, bodies, functions.
    "councils:delegates": page(ALL),
    "councils:import": form(OFFICE),
    "councils:import_model": page(OFFICE),
    "councils:import_apply": act(OFFICE),
    "councils:import_done": page(OFFICE),
    "councils:import_undo": act(OFFICE),
    "councils:people": page(OFFICE, denied=302),  # led to the list of delegates
    "councils:person_add": form(OFFICE),
    "councils:person": page(ALL),
    "councils:person_edit": form(OFFICE),
    "councils:appoint": form(OFFICE),
    "councils:end": form(OFFICE),
    "councils:suspend": form(OFFICE),
    "councils:restore": form(OFFICE),
    "councils:seat": form(OFFICE),
    "councils:organizations": page(ALL),
    "councils:establish": form(OFFICE),
    "councils:organization": page(ALL),
    "councils:dissolve": act(OFFICE),
    "councils:functions": page(ALL) + act(frozenset({"admin"})),
    "councils:transfers": page(OFFICE),
    "councils:receive": act(OFFICE),
    "councils:send": form(OFFICE),
    "councils:transfer": page(OFFICE),
    "councils:transfer_file": page(OFFICE),
    # Rules and days off.
    "procedure:rules": page(ALL),
    "procedure:rule": page(ALL, ids_checked=False) + act(OFFICE, ids_checked=False),
    "procedure:holidays": page(ALL) + act(OFFICE),
    "procedure:remove_holiday": act(OFFICE),
    "access:open_many": act(frozenset({"admin"})),
    # Papers. Who may not know a paper gets 404; who knows but may not manage, 403.
    "papers:papers": page(ALL),
    "papers:add": page(MANAGES),
    "papers:release": act(MANAGES),
    "papers:stubs": form(MANAGES),
    "papers:void_stub": act(MANAGES, {"reason": "Ghi nhầm"}),
    "papers:uploads": act(MANAGES),
    "papers:upload": page(frozenset({"clerk"}), denied=404),  # only whoever is sending it
    "papers:paper": page(READS, denied=404),
    "papers:compare": page(READS, denied=404),
    "binder:binder": page(READS),
    "binder:move": act(MANAGES, {"section": "bao-cao"}),
    "binder:order_packet": act(MANAGES, {"dividers": "1"}),
    "binder:packet": page(MANAGES),
    "binder:packet_file": page(MANAGES),
    "binder:start": act(MANAGES),
    "binder:import": page(MANAGES),
    "binder:edit": act(MANAGES),
    "binder:confirm": act(MANAGES),
    "binder:undo": act(MANAGES),
    "binder:drop": act(MANAGES),
    "binder:sheet": page(MANAGES),
    "binder:take_sheet": act(MANAGES),
    # The briefcase: one's own papers on one's device; a lost device is the support's to report.
    "briefcase:manifest": page(READS),
    "briefcase:notes": page(READS),
    "briefcase:text": page(READS),
    "briefcase:contact": page(ALL) + act(ALL),
    "briefcase:devices": page(ACCOUNTS | {"delegate"}),
    "briefcase:order_wipe": act(ACCOUNTS | {"delegate"}, {"reason": "Mất ở sân bay"}),
    "briefcase:application": page(ALL),
    "papers:details": form(MANAGES),
    "papers:verifies": act(MANAGES),
    "papers:withdraw": act(MANAGES),
    "papers:expunge": act(MANAGES),
    "papers:file": page(READS, denied=404),
    "papers:remember": act(READS, denied=404),
    # Notes: each person's own. The note of the world is Lê Thị Cúc's, and not even the chair's.
    "reading:notes": page(READS, denied=404) + act(READS, denied=404),
    "reading:export": page(READS, denied=404),
    "reading:find": page(READS, denied=404),
    "reading:text": page(READS, denied=404),
    "reading:share": act(frozenset({"delegate"}), denied=404),
    "intake:state": page(READS, denied=404),
    "intake:thumbnail": page(READS, denied=404),
    "intake:retry": act(MANAGES),
    "intake:clear": act(MANAGES),
    "intake:storage": page(MANAGES),
    "intake:check_now": act(MANAGES),
    "intake:scanner": form(MANAGES),
    # Opinions on a draft: the author's own, the office's, the Bans', the drafting agency's.
    "opinions:papers": page(ALL),
    "opinions:give": form(SPEAKS),
    "opinions:table": page(MANAGES, denied=404),
    "opinions:table_docx": page(MANAGES, denied=404),
    "opinions:table_xlsx": page(MANAGES, denied=404),
    "opinions:report_docx": page(MANAGES, denied=404),
    "opinions:opinion": page(READS, denied=404),
    "opinions:answer": act(OFFICE, hidden=ALL - READS),
    "opinions:confirm": act(NOBODY, hidden=ALL - READS),
    "opinions:send_back": act(NOBODY, hidden=ALL - READS),
    "opinions:withdraw": act(frozenset({"delegate"}), hidden=ALL - READS),
    # Guests: the office gives passes and papers.
    "guests:guests": page(OFFICE),
    "guests:add": act(OFFICE, {"full_name": "Phạm Văn Khách"}),
    "guests:guest": page(OFFICE),
    "guests:issue": act(OFFICE, {"ends_on": "2036-12-31"}),
    "guests:give_papers": act(OFFICE),
    "guests:revoke": act(OFFICE),
    # Search shows each only what they may open; the library is everybody's.
    "search:search": page(ALL),
    "search:article": page(ALL, ids_checked=False),
    # Sending papers: counts and logs of notices, savings.
    "delivery:releases": page(MANAGES),
    "delivery:record_print": act(MANAGES, {"sets": "2", "pages": "10"}),
    "delivery:remove_print": act(MANAGES),
    "delivery:log": page(MANAGES),
    "delivery:resend": act(MANAGES),
    "delivery:savings": page(MANAGES),
    "delivery:savings_file": page(MANAGES),
    # Sessions: preparation, agenda, summons.
    "meetings:sessions": page(ALL),
    "meetings:add_session": form(MANAGES),
    "meetings:session": page(ALL),
    "meetings:edit_session": form(MANAGES),
    "meetings:change_state": act(MANAGES),
    "meetings:plan": page(MANAGES),
    "meetings:fill_plan": act(MANAGES),
    "meetings:move_opening": form(MANAGES),
    "meetings:add_task": act(MANAGES),
    "meetings:task": act(MANAGES),
    "meetings:agenda": page(ALL),
    "meetings:add_item": form(MANAGES),
    "meetings:item": form(MANAGES),
    "meetings:move_item": act(MANAGES),
    "meetings:remove_item": act(MANAGES),
    "meetings:choose_list": form(MANAGES),
    "meetings:list_model": page(MANAGES),
    "meetings:write_list": act(MANAGES),
    "meetings:list_done": page(MANAGES),
    "meetings:undo_list": act(MANAGES),
    "meetings:add_sitting": form(MANAGES),
    "meetings:edit_sitting": form(MANAGES),
    "meetings:remove_sitting": act(MANAGES),
    # Papers asked of bodies: the office's, and the body's own (here the agency's); others 404.
    "submissions:asks": page(MANAGES | {"agency"}),
    "submissions:ask": page(MANAGES | {"agency"}, denied=404),
    **{
        f"submissions:{step}": act(
            MANAGES, {"reason": "Thiếu chữ ký"}, hidden=ALL - MANAGES - {"agency"}
        )
        for step in ("pass_on", "return", "take_in", "circulate", "cancel", "name_version")
    },
    "submissions:asking": form(MANAGES),
    "submissions:propose": act(MANAGES),
    "submissions:decisions": page(MANAGES, hidden=ALL - READS),
    "submissions:allow_late": act(
        MANAGES, {"late_approved_by": "Chủ tịch HĐND", "late_reason": "Chờ"}, hidden=ALL - READS
    ),
    "submissions:set_publicity": act(frozenset({"chair"}), {"public": "1"}, hidden=ALL - READS),
    # The room of the world is read by the delegate.
    "submissions:rooms": page(ALL),
    "submissions:room": page(READS, denied=404),
    "submissions:open_room": form(MANAGES),
    "submissions:edit_room": form(MANAGES),
    "submissions:room_papers": act(MANAGES),
    "submissions:close_room": act(MANAGES),
    "meetings:papers": page(ALL),
    "meetings:punctuality": page(MANAGES),
    "meetings:add_papers": page(MANAGES),
    "meetings:summons": page(MANAGES),
    "meetings:issue": act(MANAGES),
    "meetings:invite": act(MANAGES),
    "meetings:summons_file": page(MANAGES),
    "meetings:list_file": page(MANAGES),
    "meetings:badges_file": page(MANAGES),
    "meetings:plates_file": page(MANAGES),
    # The summons of the world is Lê Thị Cúc's own.
    "meetings:my_summons": page(frozenset({"delegate"}), denied=404),
    "meetings:reply": act(READS, {"reply": "coming"}, denied=404),
    "meetings:one_file": page(READS, denied=404),
    # The sitting: screens.
    "floor:hall": page(ALL),
    "floor:cockpit": page(PREPARES),
    "floor:desk": page(PREPARES),
    "floor:projector": page(PREPARES | {"support", "admin"}),
    "floor:journal": page(PREPARES),
    # The sitting: steps of chair and clerks.
    **{
        f"floor:{step}": act(PREPARES, step_data)
        for step in (
            "open_roll",
            "close_roll",
            "set_presence",
            "present_rest",
            "open",
            "suspend",
            "resume",
            "close",
            "hand_over",
            "next",
            "go_to",
            "speech_minutes",
            "call",
            "start",
            "call_off",
            "drop",
            "extend",
            "pause_clock",
            "resume_clock",
            "warn",
            "finish",
            "give_floor",
            "announce",
            "clear_notice",
            "add_line",
        )
    },
    "floor:read_note": act(frozenset({"chair"}), step_data),
    # The vote. Before the announcement only the hall knows of a poll.
    "voting:polls": page(ALL),
    "voting:prepare": act(PREPARES, prepare_data),
    "voting:poll": page(HALL, denied=404),
    "voting:prepare_again": act(PREPARES, hidden=OUTSIDERS),
    "voting:open": act(PREPARES, hidden=OUTSIDERS),
    "voting:close": act(PREPARES, hidden=OUTSIDERS),
    "voting:publish": act(PREPARES, hidden=OUTSIDERS),
    "voting:annul": act(PREPARES, {"reason": "Nhầm nội dung", "seen": "open"}, hidden=OUTSIDERS),
    "voting:assist": act(frozenset({"clerk"}), assist_data, hidden=OUTSIDERS),
    # This poll is still open: nobody gets a result (voting/tests has the published one).
    "voting:json": page(NOBODY, hidden=OUTSIDERS),
    "voting:xlsx": page(NOBODY, hidden=OUTSIDERS),
    "voting:print": page(NOBODY, hidden=OUTSIDERS),
    "voting:my_votes": page(frozenset({"delegate", "chair"})),
    # Minutes.
    "minutes:versions": page(HALL, denied=404),
    "minutes:make": act(PREPARES, {"reason": "Sửa"}, hidden=OUTSIDERS),
    "minutes:file": page(HALL, denied=404),
}

# The commands of the hall, ``POST /live/<slug>/<command>``: who is answered {"ok": true}. Everybody
# else is refused with a reason, and nothing is written. Only the delegate is on the roll.
LIVE: dict[str, frozenset[str]] = {
    "vote": frozenset({"delegate"}),
    "check-in": frozenset({"delegate"}),
    "ask": frozenset({"delegate"}),
    "withdraw": frozenset({"delegate"}),
    "note": frozenset({"delegate"}),
    "close-poll": PREPARES,
}
# Answered to everybody with a ticket, because for who has nothing to take back nothing is done.
HARMLESS = frozenset({"withdraw"})

# What a role hears of a sitting, ``GET /live/<slug>/stream`` and ``…/snapshot``.
STREAMS: dict[str, frozenset[str]] = {
    "delegate": frozenset({"hall", "named", "me"}),
    "chair": frozenset({"hall", "chair", "named", "me"}),
    "clerk": frozenset({"hall", "chair", "named", "me"}),
    "agency": frozenset({"hall", "me"}),
    "guest": frozenset({"hall", "me", "outside"}),  # cut off when the doors are shut
    "press": frozenset({"hall", "me", "outside"}),
    "support": frozenset({"hall", "me"}),
    "admin": frozenset({"hall", "me"}),
}
CLOSED_DOORS = frozenset({"guest", "press"})  # hear nothing then
