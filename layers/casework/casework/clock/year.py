"""One year's calendar as data: what the State Council's notice says, checked on reading.

A document is {"year": 2026, "provisional": false, "holidays": {"2026-01-01": "元旦", ...},
"workdays": {"2026-01-04": "元旦", ...}, "source": "..."}: `holidays` are days off beside
the plain weekends (or on them), `workdays` the Saturdays and Sundays worked to make up for them,
each with its festival. Festivals of the region come with their English name in an optional
"english": {"开斋节": "Eid al-Fitr"}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.clock.words import CalendarError, Words

FESTIVALS: Mapping[str, str] = MappingProxyType(
    {
        "元旦": "New Year's Day",
        "春节": "Spring Festival",
        "清明节": "Qingming Festival",
        "劳动节": "Labour Day",
        "端午节": "Dragon Boat Festival",
        "中秋节": "Mid-Autumn Festival",
        "国庆节": "National Day",
        "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": "70th Anniversary of Victory Day",
    }
)
EARLIEST, LATEST = 2004, 2199
SATURDAY = 5
_REQUIRED = frozenset({"year", "provisional", "holidays", "workdays", "source"})
_FIELDS = _REQUIRED | {"english"}


@dataclass(frozen=True, slots=True)
class Year:
    """A checked year. `provisional`: no notice yet, only the statutory days and the weekends."""

    year: int
    provisional: bool
    holidays: Mapping[date, Words]
    workdays: Mapping[date, Words]
    source: str

    @classmethod
    def read(cls, document: object, name: str = "") -> "Year":
        """Check a document (parsed JSON or YAML) and take it over.

        `name` is the file's, for the messages. Raises CalendarError naming file and day.
        """
        return _Reader(name or "年历 calendar").year(document)


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str

    def fault(self, zh: str, en: str) -> CalendarError:
        return CalendarError(f"{self.name}：{zh}", f"{self.name}: {en}")

    def year(self, document: object) -> Year:
        fields = self.fields(document)
        number = self.number(fields["year"])
        provisional, source = fields["provisional"], fields["source"]
        if not isinstance(provisional, bool):
            raise self.fault("provisional 应为 true 或 false", "provisional must be true or false")
        if not isinstance(source, str) or not source.strip():
            raise self.fault("请在 source 中写明依据的通知", "name the notice it follows in source")
        english = dict(FESTIVALS) | self.english(fields.get("english", {}))
        holidays = self.days(fields["holidays"], "holidays", number, english)
        workdays = self.days(fields["workdays"], "workdays", number, english)
        self.consistent(holidays, workdays, number)
        return Year(
            number, provisional, MappingProxyType(holidays), MappingProxyType(workdays), source
        )

    def fields(self, document: object) -> dict[str, object]:
        if not isinstance(document, Mapping):
            raise self.fault("应为一个 JSON 对象", "it must be a JSON object")
        fields = {str(key): value for key, value in document.items()}
        if missing := ", ".join(sorted(_REQUIRED - fields.keys())):
            raise self.fault(f"缺少字段 {missing}，请补全", f"add the missing fields: {missing}")
        if unknown := ", ".join(sorted(fields.keys() - _FIELDS)):
            raise self.fault(
                f"多余的字段 {unknown}，请删除", f"remove the unknown fields: {unknown}"
            )
        return fields

    def number(self, year: object) -> int:
        if type(year) is int and EARLIEST <= year <= LATEST:
            return year
        raise self.fault(
            f"year 应为 {EARLIEST} 至 {LATEST} 的整数，而不是 {year!r}",
            f"year must be a whole number from {EARLIEST} to {LATEST}, not {year!r}",
        )

    def english(self, names: object) -> dict[str, str]:
        if isinstance(names, Mapping):
            pairs = list(names.items())
            if all(isinstance(text, str) and text.strip() for pair in pairs for text in pair):
                return dict(pairs)
        raise self.fault(
            'english 应形如 {"开斋节": "Eid al-Fitr"}',
            'english must look like {"开斋节": "Eid al-Fitr"}',
        )

    def days(
        self, entries: object, field: str, year: int, english: Mapping[str, str]
    ) -> dict[date, Words]:
        if not isinstance(entries, Mapping):
            raise self.fault(
                f'{field} 应形如 {{"{year}-01-01": "元旦"}}',
                f'{field} must look like {{"{year}-01-01": "元旦"}}',
            )
        return {
            self.day(text, field, year): self.festival(festival, text, english)
            for text, festival in entries.items()
        }

    def day(self, text: object, field: str, year: int) -> date:
        try:
            day = date.fromisoformat(str(text))
        except ValueError:
            day = None
        if day is None or day.isoformat() != str(text):
            raise self.fault(
                f"{field} 中的“{text}”不是日期，请写成 {year}-01-31 的样子",
                f"{text} in {field} is no date; write it like {year}-01-31",
            )
        if day.year != year:
            raise self.fault(
                f"{field} 中的 {text} 不在 {year} 年，请放到 {day.year} 年的年历里",
                f"{text} in {field} is not in {year}; move it to the calendar of {day.year}",
            )
        return day

    def festival(self, festival: object, text: object, english: Mapping[str, str]) -> Words:
        if not isinstance(festival, str) or not festival.strip():
            raise self.fault(f"{text} 没有写明节日", f"{text} names no festival")
        if festival not in english:
            raise self.fault(
                f"{text} 的节日“{festival}”没有英文名，请写入 english",
                f'the festival "{festival}" of {text} has no English name; add it to english',
            )
        return Words(festival, english[festival])

    def consistent(
        self, holidays: Mapping[date, Words], workdays: Mapping[date, Words], year: int
    ) -> None:
        for day in sorted(workdays):
            if day in holidays:
                raise self.fault(
                    f"{day} 既是节假日又是调休上班日，请删去其一",
                    f"{day} is both a holiday and a working day; remove one of the two",
                )
            if day.weekday() < SATURDAY:
                raise self.fault(
                    f"{day} 不是周末，本来就上班，请从 workdays 中删去",
                    f"{day} is no weekend day and is worked anyway; remove it from workdays",
                )
        if not holidays:
            raise self.fault(
                f"{year} 年一个节假日也没有；通知未发布时请填法定节日并设 provisional 为 true",
                f"{year} has not one holiday; before the notice, enter the statutory days"
                " and set provisional to true",
            )
