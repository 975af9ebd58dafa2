from datetime import date

import pytest

from nghitruong.council.procedure.catalogue import catalogue, historic, profile_name, profiles
from nghitruong.council.procedure.profiles import clean_value

# Every rule the product promises to encode, in the order of the field's own overview.
PROMISED = [
    "session.regular.min_per_year",
    "session.first.max_after_election",
    "session.regular.decision_before",
    "session.special.decision_before",
    "session.media_notice_before",
    "session.documents_before",
    "session.resolution_post_after",
    "session.special.request_ratio",
    "session.voter_petition_ratio",
    "session.quorum_ratio",
    "vote.majority",
    "vote.recall_majority",
    "vote.reduced_council_majority",
    "standing.frequency",
    "standing.quorum",
    "standing.majority",
    "standing.tie",
    "verify.dossier_before",
    "verify.report_before",
    "election.result_send",
    "election.approve",
    "question.call",
    "question.synth",
    "question.draft",
    "question.choose",
    "question.report",
    "question.programme",
    "question.written_answer",
    "question.dissatisfied_window",
    "question.impl_report",
    "question.digest",
    "question.time_ask",
    "question.time_answer",
    "question.time_debate",
    "hearing.notice_before",
    "oversight.programme_proposals",
    "oversight.standing_programme",
    "oversight.plan",
    "oversight.committee_programme_by",
    "oversight.delegate_by",
    "oversight.team_plan",
    "oversight.report_time_min",
    "oversight.visit_notice",
    "oversight.theme_repeat_block",
    "oversight.question_repeat_block",
    "oversight.monthly_report_by",
    "oversight.info_request",
    "oversight.recommendation_reply",
    "oversight.explanation",
    "oversight.legaldoc_quarterly_by",
    "oversight.legaldoc_annual_by",
    "petition.agency_report_before",
    "txct.outside_decide",
    "txct.host_notice",
    "citizen.letter_process",
    "citizen.schedule_post",
    "citizen.result_notice",
    "citizen.relay",
    "citizen.refusal",
    "complaint.accept",
    "complaint.first",
    "complaint.second",
    "denunciation.verify",
    "denunciation.transfer",
    "denunciation.resolve",
    "resolution.effect_min_after",
    "resolution.gazette_send",
    "records.register_within",
    "records.archive_after",
    "pdp.reply",
    "pdp.access",
    "pdp.object",
    "pdp.erase",
    "hr.profile_create",
    "hr.sync",
    "salary.step",
]
PROVINCE_ONLY = {
    "session.media_notice_before",
    "session.special.media_notice_before",
    "session.resolution_post_after",
}
COMMUNE_ONLY = {"session.voter_petition_ratio"}


@pytest.mark.parametrize("key", PROMISED)
def test_every_promised_rule_is_in_the_catalogue(key):
    assert key in {rule.key for rule in catalogue()}


def test_a_profile_has_each_key_once_and_the_levels_differ_only_where_the_law_does():
    found = profiles()
    province = [rule.key for rule in found["vn-2026-province"].rules]
    commune = [rule.key for rule in found["vn-2026-commune"].rules]
    assert len(set(province)) == len(province)
    assert len(set(commune)) == len(commune)
    assert set(province) - set(commune) == PROVINCE_ONLY
    assert set(commune) - set(province) == COMMUNE_ONLY


def test_a_special_session_of_a_province_needs_seven_days_and_of_a_commune_none():
    found = profiles()
    assert found["vn-2026-province"].rule("session.special.decision_before").value == 7
    assert found["vn-2026-commune"].rule("session.special.decision_before").value == 0


def test_a_ratio_that_nobody_can_reach_is_no_value():
    rules = {rule.key: rule for rule in catalogue()}
    assert clean_value(rules["vote.recall_majority"], "1/1") == "1/1"  # at least all
    with pytest.raises(ValueError, match="more than all"):
        clean_value(rules["vote.majority"], "3/3")  # more than all


@pytest.mark.parametrize("rule", [*catalogue(), *historic()], ids=lambda rule: rule.key)
def test_every_rule_is_complete(rule):
    assert rule.title
    assert rule.article
    assert rule.levels
    assert clean_value(rule, str(rule.value)) == rule.value
    if rule.unit == "ratio":
        assert rule.compare
        assert rule.base
    if rule.unit in ("day", "working_day", "month"):
        assert rule.direction
        assert rule.anchor
    if rule.evidence == "U":
        assert rule.overridable_by == "council" or rule.severity == "info"


def test_a_recall_needs_two_thirds_and_an_officers_removal_more_than_half():
    rule = profiles()["vn-2026-province"].rule
    recall, officer = rule("vote.recall_majority"), rule("vote.officer_removal_majority")
    assert (recall.value, recall.compare) == ("2/3", "at_least")
    assert (officer.value, officer.compare) == ("1/2", "more_than")


def test_the_law_of_the_day_chooses_the_profile():
    assert profile_name("commune", date(2026, 12, 8)) == "vn-2026-commune"
    assert profile_name("province", date(2025, 6, 15)) == "vn-2015-province"
    with pytest.raises(KeyError):
        profiles()["vn-2026-province"].rule("session.voter_petition_ratio")
