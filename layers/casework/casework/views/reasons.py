"""Why the machine dispatched as it did, or left it to a person, in words for staff."""

from __future__ import annotations

from casework.cases.rules import Rules
from casework.views.names import category_name, unit_name
from casework.words import Language, pick
from schemas import events as e
from schemas.events import Choice, Event


def reasons(event: Event, rules: Rules, language: Language) -> list[str]:
    """The words that weighed most, the rule, how sure, and the runner-up; of other events none."""

    def say(zh: str, en: str) -> str:
        return pick((zh, en), language)

    def named(choice: Choice) -> str:
        category = category_name(choice.category, rules, language)
        unit = unit_name(choice.unit, rules, language) or say("由人判断", "a person decides")
        return f"{category} → {unit} ({choice.score:.2f})"

    if isinstance(event, e.Queued):
        found = [say("把握不足，由人派单", "Not sure enough: a person dispatches")]
        found += [_of_words(event.words, language)] if event.words else []
        return [*found, *(say("可能：", "Perhaps: ") + named(one) for one in event.choices)]
    if not isinstance(event, e.Dispatched) or not event.automatic:
        return []
    found = [_of_words(event.words, language)] if event.words else []
    if event.rule:
        found.append(say(f"依据：{event.rule}", f"Rule: {event.rule}"))
    if event.confidence is not None:
        sure = f"{event.confidence:.2f}"
        found.append(say(f"把握：{sure}", f"Confidence: {sure}"))
    if event.runner_up:
        found.append(say("其次：", "Runner-up: ") + named(event.runner_up))
    return found


def _of_words(words: tuple[str, ...], language: Language) -> str:
    return pick((f"词语：{'、'.join(words)}", f"Words: {', '.join(words)}"), language)
