"""Write the packaged calendars: layers/casework/casework/clock/years/*.json.

For developers, once a year when the State Council's notice is out:

    pip install -U chinesecalendar   # in a venv of its own: it is no dependency of the project
    PYTHONPATH=layers/casework python -m infra.calendars [--check]

Years with a notice come from chinesecalendar, the years of `LUNAR` after them from the law
(全国年节及纪念日放假办法, 2024) and are provisional. `--check` writes nothing and fails
when a packaged file differs.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib import import_module
from importlib.metadata import version

from casework.clock.calendar import YEARS
from casework.clock.year import EARLIEST, Year

Document = dict[str, object]

# Festivals of the lunar calendar and of the sun, as month-day: 正月初一, 清明, 端午, 中秋.
LUNAR: Mapping[int, tuple[str, str, str, str]] = {
    2027: ("02-06", "04-05", "06-09", "09-15"),
    2028: ("01-26", "04-04", "05-28", "10-03"),
    2029: ("02-13", "04-04", "06-16", "09-22"),
    2030: ("02-03", "04-05", "06-05", "09-12"),
    2031: ("01-23", "04-05", "06-24", "10-01"),
    2032: ("02-11", "04-04", "06-12", "09-19"),
    2033: ("01-31", "04-04", "06-01", "09-08"),
    2034: ("02-19", "04-05", "06-20", "09-27"),
    2035: ("02-08", "04-05", "06-10", "09-16"),
}

# 2006's notice made up for 元旦 on the last day of 2005; chinesecalendar has it as a Saturday off.
MISSED = {date(2005, 12, 31): "元旦"}

# chinesecalendar's short names, as the notices write them
FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def announced() -> Iterator[Document]:
    """Documents of the years that have a notice, from chinesecalendar. Raises SystemExit."""
    try:
        data = import_module("chinese_calendar.constants")
    except ImportError:
        sys.exit(
            "缺少 chinesecalendar：请在单独的 venv 中 pip install chinesecalendar 后再运行 / "
            "chinesecalendar is missing: pip install it in a venv of its own and run again"
        )
    package = f"chinesecalendar {version('chinesecalendar')}"
    chinese = {holiday.value: holiday.chinese for holiday in data.Holiday}

    def entries(days: Mapping[date, str], year: int) -> dict[str, str]:
        named = {day: chinese[name] for day, name in days.items()}
        return {
            day.isoformat(): FULL.get(name, name)
            for day, name in sorted(named.items())
            if day.year == year
        }

    for year in range(EARLIEST, max(data.holidays).year + 1):
        missed = {day.isoformat(): name for day, name in MISSED.items() if day.year == year}
        source = f"{notice(year)} ({package})"
        if missed:
            source += f"; {', '.join(missed)}: {notice(year + 1)}"
        yield {
            "year": year,
            "provisional": False,
            "holidays": entries(data.holidays, year),
            "workdays": entries(data.workdays, year) | missed,
            "source": source,
        }


def notice(year: int) -> str:
    """The title of the State Council's notice of a year."""
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def statutory(year: int) -> Document:
    """The provisional document of a year of `LUNAR`: the law's thirteen days (第二条), no more.

    The days in lieu of those that fall on a weekend (第六条), or on one another, are left to the notice.
    """
    spring, qingming, dragon_boat, mid_autumn = (
        date.fromisoformat(f"{year}-{day}") for day in LUNAR[year]
    )
    runs = [
        ("元旦", date(year, 1, 1), 1),
        ("春节", spring - timedelta(1), 4),  # 除夕 to 正月初三
        ("清明节", qingming, 1),
        ("劳动节", date(year, 5, 1), 2),
        ("端午节", dragon_boat, 1),
        ("中秋节", mid_autumn, 1),
        ("国庆节", date(year, 10, 1), 3),
    ]
    days = {first + timedelta(n): name for name, first, length in runs for n in range(length)}
    return {
        "year": year,
        "provisional": True,
        "holidays": {day.isoformat(): name for day, name in sorted(days.items())},
        "workdays": {},
        "source": "全国年节及纪念日放假办法 (2024) 第二条; 当年通知尚未发布",
    }


def documents() -> dict[str, str]:
    """Every packaged file's name and text, checked as the product will check it."""
    known = list(announced())
    known += [statutory(year) for year in LUNAR if year >= EARLIEST + len(known)]
    for document in known:
        Year.read(document, f"{document['year']}.json")
    return {
        f"{document['year']}.json": json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        for document in known
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="写入内置年历 / write the packaged calendars")
    parser.add_argument(
        "--check", action="store_true", help="只比较，不写入 / compare, write nothing"
    )
    check = parser.parse_args().check
    texts = documents()
    if check:
        present = {file.name: file.read_text("utf-8") for file in YEARS.glob("*.json")}
        if stale := sorted(
            name for name in texts | present if texts.get(name) != present.get(name)
        ):
            sys.exit(f"与来源不一致，请重新生成 / run again without --check: {', '.join(stale)}")
        return
    YEARS.mkdir(exist_ok=True)
    for name, text in texts.items():
        (YEARS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
