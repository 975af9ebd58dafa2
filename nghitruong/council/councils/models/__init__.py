"""Units, councils, terms, bodies, people, memberships, duties."""

from nghitruong.council.councils.models.councils import (
    Council,
    CouncilFunction,
    CouncilRow,
    Function,
    LegislativeTerm,
    Organization,
    OrganizationKind,
)
from nghitruong.council.councils.models.people import (
    Duty,
    DutyKind,
    Membership,
    MembershipStatus,
    Person,
    Seat,
    Suspension,
)
from nghitruong.council.councils.models.records import (
    ImportBatch,
    Transfer,
)
from nghitruong.council.councils.models.units import (
    AdministrativeUnit,
    UnitLevel,
    UnitSuccession,
)

__all__ = [
    "AdministrativeUnit",
    "Council",
    "CouncilFunction",
    "CouncilRow",
    "Duty",
    "DutyKind",
    "Function",
    "ImportBatch",
    "LegislativeTerm",
    "Membership",
    "MembershipStatus",
    "Organization",
    "OrganizationKind",
    "Person",
    "Seat",
    "Suspension",
    "Transfer",
    "UnitLevel",
    "UnitSuccession",
]
