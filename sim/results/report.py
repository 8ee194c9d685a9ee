"""The report of a run: Markdown, and one HTML file that needs nothing beside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from sim.results.drawing import Drawn
from sim.results.folder import write_json
from sim.results.lives import RULES
from sim.results.numbers import numbers
from sim.results.scores import OUTCOME_QUESTIONS
from sim.results.trace import day_of, short_date
from sim.results.words import amount, interval, listed, measured, percent, share, worlds_text
from sim.rules.ladder import RUNGS

LIMITS = (
    "It cannot say which world will come: it says how often a thing comes of the rules, the numbers and the luck"
    " in the scenario. A probability here is a share of simulated worlds, not a forecast tested on this crisis.",
    "Severe acts are rare in the record (three US strikes and one salvo of Iranian missiles in 2019-20), so the numbers"
    " that govern them rest on very few cases. Trust the order of such outcomes more than their size.",
    "It knows six kinds of actors and a closed catalogue of acts. Israel, the Gulf states, Syria, parties inside the"
    " capitals and acts nobody has listed cannot surprise anybody here.",
    "Actors choose by stated objectives with noise. Misread orders, private feuds and errors of command appear only as"
    " that noise or as the named accidents of the rules.",
    "Recorded attacks are those that were reported; convoy bombs were under-reported in summer and autumn 2020.",
)
STYLE = """
body{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1b1b1b;
background:#fff;max-width:54rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.3rem .6rem;
border-bottom:1px solid #ddd;vertical-align:top}img{max-width:100%;height:auto;margin-top:1rem}
code,pre{background:#f4f4f4;font-size:.85rem}pre{padding:.7rem;overflow-x:auto}em{color:#444}
@media print{body{max-width:none}h2{break-after:avoid}img,table{break-inside:avoid}}
"""
REPORT = ("numbers.json", "report.md", "report.html")
"""The files of a report beside its figures."""
PICTURE = re.compile(r"plots/([\w-]+)\.png")
ACTIVE = re.compile(r"!(?=\[)|<(?=[A-Za-z/!?])")
"""The beginnings of pictures and of HTML in Markdown."""
BRACKETS = re.compile(r"[\[\]\\<]")


def write_report(run: Any, folder: Path, drawn: Iterable[Drawn]) -> None:
    """Write numbers.json, report.md and report.html; the figures are in ``folder/plots`` as PNG and SVG."""
    facts = numbers(run)
    text = markdown(run, facts, drawn)
    write_json(folder / "numbers.json", facts)
    (folder / "report.md").write_text(text, encoding="utf-8", newline="\n")
    (folder / "report.html").write_text(page(run.scenario.title, text, folder), encoding="utf-8", newline="\n")


def markdown(run: Any, facts: dict[str, Any], drawn: Iterable[Drawn]) -> str:
    """The report as Markdown; every number comes from ``facts``, every picture from ``plots/``."""
    before = (
        _question(run.scenario),
        _answer(facts),
        _confidence(run.scenario, facts),
        _forecasts(facts),
        _outcomes(facts),
    )
    after = (_worlds(run, facts), _limits(), _reproduce(run))
    sections = (*map(_told, before), _figures(drawn), *map(_told, after))
    return "\n\n".join(part for section in sections for part in section) + "\n"


def inert(text: str) -> str:
    """Markdown whose texts, whoever wrote them, show no picture and hold no HTML, wherever it is rendered."""
    return ACTIVE.sub(_as_entity, text)


def page(title: str, text: str, folder: Path) -> str:
    """The Markdown as an HTML page with the figures of the folder inside, and without any other picture."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = renderer.parse(text)
    for token in (each for block in tokens for each in block.children or () if each.type == "image"):
        figure = PICTURE.fullmatch(str(token.attrs["src"]))
        file = folder / "plots" / f"{figure[1]}.svg" if figure else None
        if file and file.is_file():
            token.attrs["src"] = _inlined(file)
        else:
            token.type, token.tag, token.children = "text", "", None
    body = renderer.renderer.render(tokens, renderer.options, {})
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _inlined(picture: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.read_bytes()).decode()}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", r"\|").replace("\n", " ")


def _question(scenario: Any) -> list[str]:
    end = short_date(day_of(scenario.start, scenario.horizon - 1))
    return [
        f"# {scenario.title}",
        "## The question",
        str(scenario.story).strip() or "What comes of this scenario?",
        f"What comes of it in the {scenario.horizon} days from {short_date(scenario.start)} to {end}?",
    ]


def _answer(facts: dict[str, Any]) -> list[str]:
    return ["## The answer", "\n".join(f"{place}. {line}." for place, line in enumerate(facts["answers"], 1))]


def _confidence(scenario: Any, facts: dict[str, Any]) -> list[str]:
    open_rows = [row for row in (*facts["probabilities"], *facts["questions"]) if not row["settled"]]
    widest = max((row["high"] - row["low"] for row in open_rows), default=0.0)
    return [
        "## How sure",
        f"{worlds_text(facts['worlds'])} were lived. Each probability carries a 95 % interval (Wilson) for the number"
        f" of worlds; the widest is {100 * widest:.1f} percentage points. It says how far more worlds could move the"
        " number, not how right the model is. What the scenario itself settles has none.",
        _doubt(scenario),
    ]


def _doubt(scenario: Any) -> str:
    """What the spread between worlds holds besides luck."""
    drawn = sum(1 for value in scenario.values.values() if not isinstance(value, int | float))
    parts = [f"{drawn} of its numbers"] * (drawn > 0) + ["the actors' mindsets"] * any(
        len(each) > 1 for each in scenario.mindsets.values()
    )
    if parts:
        return (
            f"The scenario draws {listed(parts)} anew for each world, so the spread between worlds holds that doubt and"
            " luck together."
        )
    return (
        "All numbers of the scenario are fixed, so the spread between worlds is luck alone; doubt about the numbers"
        " themselves comes on top."
    )


def _forecasts(facts: dict[str, Any]) -> list[str]:
    """What the scenario asks; nothing if it does not ask."""
    rows = [(row["text"], *_estimated(row), row["definition"]) for row in facts["questions"]]
    if not rows:
        return []
    return [
        "## Forecast questions",
        "What the scenario asks, each question answered in every world by the days of that world:",
        table(("question", "probability", "95 % interval", "when the answer is yes"), rows),
    ]


def _outcomes(facts: dict[str, Any]) -> list[str]:
    meaning = {question.column: question.definition for question in OUTCOME_QUESTIONS}
    rows = [(row["title"], *_estimated(row), meaning[row["outcome"]]) for row in facts["probabilities"]]
    labels = [(name, row["value"], *_estimated(row)) for name, values in facts["labels"].items() for row in values]
    rungs = [(row["value"], RUNGS[row["value"]], *_estimated(row)) for row in facts["top_rung"]]
    return [
        "## Outcomes",
        table(("outcome", "probability", "95 % interval", "when the answer is yes"), rows),
        "Every world has one outcome for the embassy, for the use of force and for the truce:",
        table(("what", "outcome", "share of worlds", "95 % interval"), labels),
        "The highest rung of the ladder that a world reached:",
        table(("rung", "what it stands for", "share of worlds", "95 % interval"), rungs),
        *_toll(facts),
    ]


def _estimated(row: dict[str, Any]) -> tuple[str, str]:
    """A share and its interval with the digits that it bears; why there is none where the scenario settles it."""
    if row.get("settled"):
        return percent(row["estimate"]), f"{'set' if row['estimate'] else 'cannot come'}: {row['settled']}"
    low, high = row["low"], row["high"]
    return measured(row["estimate"], low, high), interval(low, high)


def _toll(facts: dict[str, Any]) -> list[str]:
    worlds = facts["worlds"]
    killed = [
        (
            row["party"],
            amount(row["mean"], row["error"]),
            row["median"],
            row["high"],
            row["most"],
            share(round(row["any"] * worlds), worlds),
        )
        for row in facts["casualties"]
    ]
    dates = [
        (row["event"], share(row["worlds"], worlds), *(_date(row[name]) for name in ("early", "median", "late")))
        for row in facts["first_days"]
    ]
    return [
        "People killed in a world:",
        table(
            ("party", "mean", "median", "95 % of worlds up to", "most in a lived world", "worlds with a death"), killed
        ),
        "When it came first, among the worlds in which it came (the middle half lies between early and late):",
        table(("event", "share of worlds", "early", "median", "late"), dates),
    ]


def _date(text: str | None) -> str:
    return short_date(date.fromisoformat(text)) if text else "never"


def _as_entity(found: re.Match[str]) -> str:
    """A letter as HTML spells it, which Markdown takes for the letter and for nothing else."""
    return f"&#{ord(found[0])};"


def _told(parts: Iterable[str]) -> list[str]:
    """Paragraphs with texts of a scenario in them."""
    return [inert(part) for part in parts]


def _figures(drawn: Iterable[Drawn]) -> list[str]:
    parts = ["## Figures"]
    for figure in drawn:
        title = BRACKETS.sub(_as_entity, figure.title)
        parts += [f"![{title}](plots/{figure.name}.png)", f"*{inert(figure.caption)}*"]
    return parts


def _worlds(run: Any, facts: dict[str, Any]) -> list[str]:
    rows = [
        (
            row["world"],
            row["embassy"],
            row["force"],
            row["truce"],
            row["worlds"],
            share(row["worlds"], facts["worlds"]),
        )
        for row in facts["surprising"]
    ]
    return [
        "## Worlds to look at",
        f"World {facts['representative']} is the most ordinary one: no other lies closer to all the rest in severity,"
        " highest rung, US strikes, rocket attacks and embassy outcome.",
        f"Its gravest events, in order; `sim explain . --world {facts['representative']}`, from this folder, tells all"
        " of them and says why:",
        "\n".join(f"- {short_date(line.date)}: {line.text}" for line in run.world(facts["representative"]).gravest()),
        "The oddest combinations of outcomes:",
        table(("world", "embassy", "force", "truce", "worlds like it", "share"), rows),
    ]


def _limits() -> list[str]:
    return ["## What the model cannot say", "\n".join(f"- {limit}" for limit in LIMITS)]


def _reproduce(run: Any) -> list[str]:
    scenario = run.scenario
    depth = "" if run.depth == "daily" else f" --depth {run.depth}"
    return [
        "## How to reproduce",
        "The scenario stands in full in `scenario.yaml` beside this file; `manifest.json` holds the versions of all"
        " libraries. From this folder:",
        f"```\nsim run scenario.yaml --worlds {run.worlds}{depth} --out ../again\n```",
        table(
            ("what", "value"),
            [("seed", scenario.seed), ("scenario hash", scenario.hash), ("rule hash", RULES)],
        ),
        "The same scenario, rules and number of worlds give the same tables, whatever the machine or the number of"
        " threads.",
        *_sources(scenario),
    ]


def _sources(scenario: Any) -> list[str]:
    if not scenario.sources:
        return []
    return ["Sources of the scenario:", "\n".join(f"- {source}" for source in scenario.sources)]
