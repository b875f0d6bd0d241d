"""What can be asked of a case. Each command's name is its kebab-case `type`, on every border."""

from functools import cache
from typing import get_args

from schemas.commands.answering import (
    Answering,
    CallBack,
    Close,
    DecideReply,
    KeepPromise,
    Promise,
    Rate,
    Redo,
    Reply,
    Stars,
)
from schemas.commands.base import Account, CaseNumber, Command, Decision, EventId
from schemas.commands.beside import (
    AcknowledgeAlert,
    AnswerAssistance,
    AskAssistance,
    Beside,
    DecideAssistance,
    DisputeAssistance,
    IssueOrder,
    LiftOrder,
    RaiseAlert,
    ReportIn,
    ResolveAlert,
    RespondOrder,
    VerifyOrder,
)
from schemas.commands.dispatching import (
    Arbitrate,
    AssignOfficer,
    Claim,
    DecideReturn,
    Delegate,
    Designate,
    Dispatch,
    Dispatching,
    Recall,
    Reclassify,
    Return,
    StatePosition,
)
from schemas.commands.ends import (
    DecideObjection,
    Ending,
    Object,
    Publish,
    Redact,
    Reopen,
    Unpublish,
    Withdraw,
)
from schemas.commands.filing import Contact, File, From, KnowledgeAnswer, OnBehalfOf, Place
from schemas.commands.machine import MergeAlike, Recount, Route, Running, Tick
from schemas.commands.pausing import (
    AskExtension,
    AskSuspension,
    AskTermination,
    DecideExtension,
    DecideSuspension,
    DecideTermination,
    LiftSuspension,
    Pausing,
)
from schemas.commands.persons import SeparateBinding
from schemas.commands.relations import (
    FollowLead,
    MarkRecurrence,
    MarkRepeat,
    Merge,
    Part,
    PassOn,
    Relating,
    ReleaseLead,
    SplitCase,
    TakeLead,
    Unmerge,
)
from schemas.commands.review import Accept, Answer, Decline, HandOver, RequestInfo, Reviewing
from schemas.commands.similar import AskSimilar
from schemas.commands.subjects import (
    AskUnmasking,
    Confiding,
    DecideUnmasking,
    DropSubjects,
    NameSubjects,
    Reveal,
)
from schemas.commands.talk import Note, RecordContact, SendMessage, Talking, Urge

__all__ = [
    "BY_SYSTEM",
    "CITIZEN_PATHS",
    "COMMANDS",
    "DESK_COMMANDS",
    "Accept",
    "Account",
    "AcknowledgeAlert",
    "Answer",
    "AnswerAssistance",
    "Arbitrate",
    "AskAssistance",
    "AskExtension",
    "AskSimilar",
    "AskSuspension",
    "AskTermination",
    "AskUnmasking",
    "AssignOfficer",
    "CallBack",
    "CaseCommand",
    "CaseNumber",
    "CitizenCommand",
    "Claim",
    "Close",
    "Command",
    "Contact",
    "DecideAssistance",
    "DecideExtension",
    "DecideObjection",
    "DecideReply",
    "DecideReturn",
    "DecideSuspension",
    "DecideTermination",
    "DecideUnmasking",
    "Decision",
    "Decline",
    "Delegate",
    "Designate",
    "Dispatch",
    "DisputeAssistance",
    "DropSubjects",
    "EventId",
    "File",
    "FollowLead",
    "From",
    "HandOver",
    "IssueOrder",
    "KeepPromise",
    "KnowledgeAnswer",
    "LiftOrder",
    "LiftSuspension",
    "MarkRecurrence",
    "MarkRepeat",
    "Merge",
    "MergeAlike",
    "NameSubjects",
    "Note",
    "Object",
    "OnBehalfOf",
    "Part",
    "PassOn",
    "Place",
    "Promise",
    "Publish",
    "RaiseAlert",
    "Rate",
    "Recall",
    "Reclassify",
    "RecordContact",
    "Recount",
    "Redact",
    "Redo",
    "ReleaseLead",
    "Reopen",
    "Reply",
    "ReportIn",
    "RequestInfo",
    "ResolveAlert",
    "RespondOrder",
    "Return",
    "Reveal",
    "Route",
    "SendMessage",
    "SeparateBinding",
    "SplitCase",
    "Stars",
    "StatePosition",
    "TakeLead",
    "Tick",
    "Unmerge",
    "Unpublish",
    "Urge",
    "VerifyOrder",
    "Withdraw",
    "name_of",
]

CaseCommand = (
    Reviewing
    | Dispatching
    | Pausing
    | Beside
    | Confiding
    | Relating
    | Talking
    | Answering
    | Ending
    | Running
)


def name_of(command: type[Command] | Command) -> str:
    """The command's name as it stands in paths, tables and journals, such as `decide-return`."""
    return _name_of(command if isinstance(command, type) else type(command))


@cache
def _name_of(kind: type[Command]) -> str:
    name: str = kind.model_fields["type"].default
    return name


COMMANDS: dict[str, type[Command]] = {
    name_of(command): command for command in get_args(CaseCommand)
}
BY_SYSTEM = frozenset(
    {"route", "merge-alike", "tick", "recount", "take-lead", "release-lead", "follow-lead"}
)
DESK_COMMANDS = sorted(COMMANDS.keys() - BY_SYSTEM - {"rate", "withdraw"})
CitizenCommand = SendMessage | Urge | Withdraw | Reopen | Object | Rate
"""What citizens, or agents for them, ask of a case in their own words."""
CITIZEN_PATHS = {
    "message": "messages",
    "urge": "urges",
    "withdraw": "withdrawal",
    "reopen": "reopening",
    "object": "objection",
    "rate": "rating",
}
"""What a citizen's command is called in the addresses of the citizen's routes: what it makes."""
