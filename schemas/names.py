"""The closed lists of the field: states, kinds, channels, roles and the codes of reasons.

Sources: LIFECYCLE (北京市接诉即办工作条例 2021 and its peers), GB/T 33358-2016.
"""

from typing import Literal, get_args

State = Literal[
    "SUBMITTED",
    "IN_REVIEW",
    "NEEDS_INFO",
    "ACCEPTED",
    "TRIAGE",
    "ASSIGNED",
    "HANDLING",
    "RETURN_ASKED",
    "ARBITRATION",
    "SUSPENDED",
    "TERMINATION_ASKED",
    "FOLLOWING",
    "REPLY_REVIEW",
    "PROMISED",
    "AWAITING_RATING",
    "FOLLOW_UP",
    "REDO",
    "OBJECTED",
    "CLOSED",
    "DECLINED",
    "HANDED_OVER",
    "TERMINATED",
    "WITHDRAWN",
]
STATES: tuple[State, ...] = get_args(State)
ENDS: frozenset[State] = frozenset({"CLOSED", "DECLINED", "HANDED_OVER", "TERMINATED", "WITHDRAWN"})

Kind = Literal["enquiry", "help", "complaint", "report", "suggestion", "praise"]
Channel = Literal["web", "app", "wechat", "sms", "hotline", "walk_in", "open311", "transfer"]
Role = Literal[
    "citizen",
    "agent",
    "moderator",
    "dispatcher",
    "officer",
    "head",
    "supervisor",
    "leader",
    "auditor",
    "admin",
    "integration",
    "system",
]
ROLES: tuple[Role, ...] = get_args(Role)
STAFF: frozenset[Role] = frozenset(ROLES) - {"citizen", "system"}

Queue = Literal[
    "review",
    "triage",
    "returns",
    "arbitration",
    "approvals",
    "alerts",
    "orders",
    "followers",
    "replies",
    "follow_up",
    "objections",
]
QUEUES: tuple[Queue, ...] = get_args(Queue)

LawfulPath = Literal[
    "court",
    "procuratorate",
    "petition",
    "discipline",
    "police",
    "arbitration",
    "administrative_review",
    "another_city",
    "other",
]
DeclineReason = Literal[
    "judicial",
    "discipline",
    "already_decided",
    "not_government",
    "state_secret",
    "malicious",
    "other",
]
EmergencyService = Literal["110", "119", "120", "122", "utility"]
ReturnReason = Literal["not_our_duty", "not_our_area", "other_leads", "needs_several"]
Dispute = Literal["returned_twice", "dispute"]
ContactMode = Literal["phone", "sms", "wechat", "web", "visit"]
ContactResult = Literal["reached", "no_answer", "refused", "wrong_number"]
Outcome = Literal[
    "resolved",
    "partly",
    "promised",
    "not_supported",
    "unfounded",
    "unreachable",
    "adopted",
    "not_adopted",
    "explained",
]
Explanation = Literal["lawful", "unfounded", "beyond_power"]
WithdrawalReason = Literal["solved", "mistaken", "filed_elsewhere", "no_longer_wanted"]
RatingReason = Literal[
    "unresolved", "not_contacted", "late", "bad_attitude", "beside_the_point", "shirking", "other"
]
Resolved = Literal["yes", "partly", "no"]
RevealReason = Literal["contact", "visit", "verify", "complaint_about_handling"]
Urgency = Literal["life_and_safety", "utilities", "ordinary", "complex"]
"""紧急程度. The first two overlay every policy, in hours and minutes, by day and night."""
ExtensionReason = Literal["complex", "survey", "several_units", "works_under_way", "other"]
SuspensionReason = Literal["planning", "funds", "season", "law", "third_party", "other"]
TerminationReason = Literal["refuses_to_cooperate", "reason_to_decline", "matter_gone"]
EvidenceKind = Literal["photo", "document"]
EVIDENCE: tuple[EvidenceKind, ...] = get_args(EvidenceKind)

AlertKind = Literal["self_harm", "violence", "hazard", "minor", "group"]
AlertService = Literal["110", "119", "120", "122", "utility", "unit", "false_alarm"]
"""Who took the danger over; `unit`: a department of the city, `false_alarm`: there was none."""
OrderLevel = Literal[1, 2, 3]
AidState = Literal["requested", "reported_in", "answered", "disputed"]

Identity = Literal["open", "hidden", "sealed", "anonymous"]
"""open · hidden: not from the handling unit's eyes by a mere look · sealed: a report (XF 28, 30,
46), reached through the platform only · anonymous: nobody knows who it is."""
UnmaskingReason = Literal["contact", "visit", "verify", "danger"]
Representation = Literal["family", "guardian", "neighbour", "social_worker", "lawyer", "other"]
Need = Literal["hearing", "sight", "speech", "mobility", "reading", "interpreter"]
Origin = Literal["leader", "superior", "patrol", "media"]
"""Channels from above: their cases carry a due date of their own."""
BindingKind = Literal["account", "phone", "wechat", "email"]
BindingEvent = Literal["joined", "joined_from_then", "passed_on", "separated"]
Proof = Literal["account", "issuer"]
"""How a binding is known to be the person's: it is the account itself, or its issuer verified it."""
LikeReason = Literal[
    "same_words", "like_words", "same_spot", "near_by", "same_area", "elsewhere", "same_days"
]
"""By what two matters are alike, and by what they are not."""
Similarity = Literal["same_person", "recurrence", "same_matter"]
"""What a like case may be to this one: the same citizen's, perhaps a repeat · one that ended, and
the nuisance has returned · another citizen's on the same matter, to be merged."""
