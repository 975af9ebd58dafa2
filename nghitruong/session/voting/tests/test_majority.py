from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.session.voting.majority import STANDARD, Counts, Rule, missing, outcome

totals = st.integers(0, 100_000)


def rules():
    return st.builds(
        lambda d, n, strict: Rule(min(n, d - 1) or 1, d, strict, "in_office"),
        st.integers(2, 50),
        st.integers(1, 49),
        st.booleans(),
    )


@pytest.mark.parametrize(
    ("key", "total", "needed"),
    [
        ("vote.majority", 61, 31),
        ("vote.majority", 60, 31),
        ("vote.majority", 1, 1),
        ("vote.recall_majority", 61, 41),
        ("vote.recall_majority", 60, 40),
        ("vote.reduced_council_majority", 60, 41),
        ("vote.reduced_council_majority", 40, 27),
    ],
)
def test_the_law_in_numbers(key, total, needed):
    assert STANDARD[key].needed(total) == needed


@given(totals)
def test_a_resolution_needs_half_rounded_down_plus_one(total):
    assert STANDARD["vote.majority"].needed(total) == total // 2 + 1


@given(rules(), totals)
def test_needed_is_the_least_number_that_meets_the_ratio(rule, total):
    share = Fraction(rule.numerator, rule.denominator) * total

    def meets(yes):
        return yes > share if rule.strict else yes >= share

    needed = rule.needed(total)
    assert needed >= 1
    assert meets(needed)
    assert needed == 1 or not meets(needed - 1)


@given(rules(), totals, totals)
def test_missing_and_outcome_agree(rule, total, yes):
    counts = Counts(total, total, total, yes, 0, 0, 0)
    assert outcome(rule, counts).passed == (missing(rule, total, yes) == 0)


@given(rules())
def test_a_rule_reads_back_as_it_was_written(rule):
    assert Rule.from_dict(rule.as_dict()) == rule


def test_each_base_is_its_own_total():
    counts = Counts(
        seats_by_law=65, in_office=61, present=50, yes=30, no=10, abstain=5, not_voting=5
    )
    passed = {
        base: outcome(Rule(1, 2, True, base), counts).passed
        for base in ("seats_by_law", "in_office", "present")
    }
    assert passed == {"seats_by_law": False, "in_office": False, "present": True}


def test_an_abstention_helps_nobody():
    counts = Counts(61, 61, 61, yes=30, no=0, abstain=31, not_voting=0)
    assert not outcome(STANDARD["vote.majority"], counts).passed


@pytest.mark.parametrize(
    "wrong",
    [
        {"numerator": 0, "denominator": 2, "strict": True, "base": "in_office"},
        {"numerator": 3, "denominator": 2, "strict": True, "base": "in_office"},
        {"numerator": 2, "denominator": 2, "strict": True, "base": "in_office"},
        {"numerator": 1, "denominator": 2, "strict": True, "base": "guests"},
        {"numerator": 0.5, "denominator": 1, "strict": True, "base": "present"},
        {"numerator": 1, "denominator": 2, "strict": True},
    ],
)
def test_what_is_no_majority_is_refused(wrong):
    with pytest.raises(ValueError):
        Rule.from_dict(wrong)
