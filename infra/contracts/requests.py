"""Examples of requests for the contract, all about one street lamp."""

from datetime import UTC, date, datetime
from typing import Any

from schemas import commands as c
from schemas.api import Words
from schemas.events import Evidence

FILING = c.File(
    text="荷风社区东门外的路灯三天没亮，晚上很黑，昨晚有位老人在台阶上绊倒了，请尽快修好。",
    title="荷风社区东门路灯不亮",
    kind="complaint",
    category="0205",
    area="990102002001",
    place=c.Place(address="荷风社区东门外台阶旁"),
    contact=c.Contact(name="林女士", phone="19900001234"),
    publishable=True,
)
UNIT = "chengguan"

FILINGS: dict[str, tuple[Words, c.File]] = {
    "ordinary": (("普通诉求", "An ordinary request"), FILING),
    "on_behalf": (
        ("由家属代为反映", "A relative speaks for the citizen"),
        c.File(
            text="我母亲腿脚不便，单元门口的无障碍坡道被电动车占满，她半个月没能下楼。",
            kind="help",
            area="990102002001",
            contact=c.Contact(name="方奶奶", phone="19900005678"),
            on_behalf_of=c.OnBehalfOf(relation="family", consent=True, name="方女士"),
            contact_mode="visit",
            needs=["hearing", "mobility"],
        ),
    ),
    "report": (
        ("不愿公开身份的举报", "A report by someone who stays unknown to the unit"),
        c.File(
            text="有人收了商户的钱，就不再管他们占道。请不要让街道知道是我说的。",
            kind="report",
            identity="sealed",
            about=["liulang"],
            contact=c.Contact(phone="19900009012"),
        ),
    ),
    "from_above": (
        (
            "上级转办，带期限（话务员或对接系统）",
            "From above, with a due date (agents and systems)",
        ),
        c.File(
            text="省热线转来：汀南区多处公交站牌被遮挡，请于规定期限内办结并回告。",
            channel="transfer",
            origin=c.From(system="superior", number="SR-2026-0928-113", due=date(2026, 10, 12)),
        ),
    ),
    "urgent": (
        (
            "领导批示的急件，限时到分（话务员或对接系统）",
            "Urgent, by a leader's instruction, to the minute (agents and systems)",
        ),
        c.File(
            text="荷风社区泵房进水，整栋楼停电停水，楼上有两位靠呼吸机的老人。",
            kind="help",
            channel="hotline",
            urgency="life_and_safety",
            area="990102002001",
            origin=c.From(
                system="leader",
                number="批〔2026〕7号",
                due_at=datetime(2026, 9, 28, 12, 0, tzinfo=UTC),
            ),
        ),
    ),
}
_COMMANDS: tuple[c.Command, ...] = (
    FILING,
    c.Accept(),
    c.Decline(
        reason="judicial",
        path="court",
        text="这起租赁纠纷法院已经立案，请按法院通知参加诉讼，诉讼服务热线 12368。",
    ),
    c.HandOver(service="119", receipt="XF-0928-0017", text="楼道冒烟，已请消防出警。"),
    c.RequestInfo(text="请补充路灯杆上的编号，或最近的门牌号。"),
    c.Answer(article="KB-0205-03", article_version=2, text="路灯报修后，一般故障两天内修复。"),
    c.Dispatch(unit=UNIT, category="0205"),
    c.Reclassify(kind="help", area="990102001"),
    c.Delegate(unit="tingyu", text="请到现场核实，三日内办结。"),
    c.Recall(text="涉及主干道照明，由区里直接办理。"),
    c.AssignOfficer(officer="chen.yu"),
    c.Arbitrate(units=[UNIT, "gongdian"], text="灯杆归城管，线路归供电，请双方说明。"),
    c.StatePosition(text="灯杆由我局管养，但故障在供电线路上。"),
    c.Designate(unit=UNIT, text="路灯照明由城管局牵头，供电公司配合。"),
    c.Claim(),
    c.Return(reason="not_our_area", unit="tingnan", text="这段路由汀南区管养。"),
    c.DecideReturn(approve=True, unit="tingnan", text="同意，改由汀南区办理。"),
    c.RecordContact(how="phone", result="reached", text="诉求人希望周末前修好。"),
    c.SendMessage(text="您好，请问是靠近台阶的那两盏灯吗？"),
    c.Note(text="配电箱钥匙在物业处。"),
    c.Urge(text="今晚还是没亮。"),
    c.CallBack(result="reached", contacted=False, text="诉求人说至今没人联系，已转告承办单位。"),
    c.Reveal(reason="contact"),
    c.Reply(
        outcome="resolved",
        text="两盏路灯的线路已更换，今晚已亮，请您看看。",
        evidence=[Evidence(kind="photo", reference="ZP-0928-12")],
    ),
    c.DecideReply(approve=True),
    c.Rate(contacted=True, resolved="yes", overall=5, text="修得很快，谢谢。"),
    c.Redo(text="诉求人说只亮了一盏，请再去现场。"),
    c.Close(explanation="beyond_power", text="该路灯为铁路部门管理，已书面移交并告知诉求人。"),
    c.Withdraw(reason="solved", text="邻居已经修好了。"),
    c.Reopen(text="修好的灯昨晚又不亮了。"),
    c.Object(text="这件事不是法院正在审理的那一件。"),
    c.DecideObjection(grant=True, text="核对后确非同一事项，重新办理。"),
    c.Publish(),
    c.Unpublish(),
    c.AskExtension(
        reason="works_under_way",
        until=date(2026, 10, 30),
        text="灯杆基础要重做，混凝土养护需一周，计划 10 月 28 日通电。",
    ),
    c.DecideExtension(approve=True, text="同意，请按计划通电并拍照。"),
    c.AskSuspension(
        reason="season",
        until=date(2026, 11, 20),
        text="汛期未过不能开挖，11 月中旬退水后施工，期间先装临时照明。",
    ),
    c.DecideSuspension(approve=True, text="同意，临时照明须在本周装好。"),
    c.LiftSuspension(text="水位已退，今天进场。"),
    c.AskTermination(
        reason="matter_gone",
        text="东门已于上周拆除改建，原路灯位置不再通行，诉求人亦已知晓。",
    ),
    c.DecideTermination(approve=True, text="东门已拆除，路灯随改建工程统一安装，本件终止办理。"),
    c.AskAssistance(units=["gongdian", "zhujian"], text="请今晚八点到现场，一起查线路和台阶。"),
    c.ReportIn(),
    c.AnswerAssistance(text="线路已查，故障点在 3 号井，已更换接头。"),
    c.DisputeAssistance(text="台阶属社区自建，不在我局管养范围。"),
    c.DecideAssistance(unit="zhujian", uphold=True, text="台阶临时防护由住建局先做，权属另议。"),
    c.IssueOrder(level=2, due=date(2026, 9, 30), text="节前必须亮灯，完成后附照片回复。"),
    c.RespondOrder(order="order-5", text="两盏路灯今晚已亮，照片已上传。"),
    c.VerifyOrder(order="order-5", accept=True, text="昨晚到现场看过，两盏都亮。"),
    c.LiftOrder(order="order-5", text="与市里统一整治合并，不再单独督办。"),
    c.RaiseAlert(kind="hazard", text="灯杆底部漏电，老人和孩子每天从旁边走。"),
    c.AcknowledgeAlert(alert="hazard-5"),
    c.ResolveAlert(
        alert="hazard-5", service="utility", receipt="GD-0928-41", text="供电抢修已断电围护。"
    ),
    c.DropSubjects(units=[UNIT], text="诉求人说明：反映的是施工单位，不是本局。"),
    c.NameSubjects(units=[UNIT], persons=["chen.yu"], text="诉求人补充：维修时被索要好处费。"),
    c.AskUnmasking(reason="visit", text="需要上门看被毁的证据，平台留言约不到时间。"),
    c.DecideUnmasking(approve=True, text="同意，仅限本次上门。"),
    c.Merge(case="1902481914976595"),
    c.Unmerge(text="不是同一处路灯，分开办理。"),
    c.PassOn(text="您反映的荷风社区东门路灯已修好，今晚已亮，请您看看。"),
    c.SplitCase(
        parts=[
            c.Part(
                text="东门台阶破损，老人绊倒，请修补。", title="荷风社区东门台阶破损", kind="help"
            ),
        ]
    ),
    c.MarkRepeat(case="1902481914976595", text="两件说的是同两盏灯，没有新的情况。"),
    c.MarkRecurrence(case="1902481914976595"),
    c.Redact(part="body", text="（应诉求人要求，已去除文中的姓名和门牌。）"),
    c.Promise(until=date(2026, 10, 16), text="另一盏灯 10 月 16 日前换好，到时再请您看。"),
    c.KeepPromise(
        evidence=[Evidence(kind="photo", reference="ZP-1016-07")],
        text="第二盏灯昨天已换好，照片附后。",
    ),
    c.AskSimilar(
        text="荷风社区东门外的路灯三天没亮，晚上很黑，昨晚有位老人在台阶上绊倒了。",
        title="荷风社区东门路灯不亮",
        area="990102002001",
    ),
    c.SeparateBinding(binding="bq0mWn6yJ3e1gV5cX8uTzA"),
)


def example(shape: type[c.Command]) -> c.Command:
    """The example of a command."""
    (found,) = [one for one in _COMMANDS if type(one) is shape]
    return found


def request(shape: type[c.Command]) -> dict[str, Any]:
    """An example of a command's body."""
    return body_of(example(shape))


def body_of(command: c.Command) -> dict[str, Any]:
    """A command as it is sent: nothing but what was said."""
    return command.model_dump(mode="json", exclude_unset=True, exclude_none=True)
