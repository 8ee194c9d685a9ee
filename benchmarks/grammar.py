"""Scenario files for fuzzing, valid, nearly valid and hostile: case ``n`` of a seed is always the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from sim.actions import CATALOGUE
from sim.parameters import MINDSETS
from sim.quantity import KINDS, Quantity
from sim.scenario.people import POLICIES
from sim.scenario.quantities import drawable, split
from sim.scenario.scripts import counts_of, targets_of

GROUPS = ("kataib_hezbollah", "badr", "one_more", "another")
STATES = KINDS[:-1]
ODD_NUMBERS = (
    "1e308", "-1e308", "1e400", ".nan", ".inf", "-.inf", "0x1F", "0o17", "1_000", "1e-400", "-0.0", "9" * 400, "1:30",
    "18446744073709551616", "-9223372036854775809", "~", "true", "2020-02-30", "2020-09-28T00:00:00Z", "0.1.2",
)  # fmt: skip
ODD_TEXTS = (
    "\u202e", "\ud7ff", "\x00", "\x1b[31m", "😀", "é" * 300, "\\", "'", '"', "#", ": ", "- ", "*a", "&a", "!!set", "%",
    "\t", "\r", "\u2028", "\ufeff", "{", "]", "|", ">", "<<", "?", "null", "../x", "%00",
)  # fmt: skip
ODD_PATHS = (
    "../../etc/passwd", "/etc/passwd", "./../x.yaml", "file:///etc/passwd", "~/x.yaml", "./a/../../x.yaml", "/dev/zero",
    "/dev/stdin", "./\x00.yaml", "C:\\x.yaml", "\\\\host\\x.yaml", "./" + "a" * 5000 + ".yaml", ".", "./",
    "baghdad-2020/", "./case.yaml", "./link.yaml", "./folder.yaml",
)  # fmt: skip
ATTACKS = (
    "x: !!python/object/apply:os.system ['touch owned']",
    "!!python/name:os.system",
    "x: !<tag:yaml.org,2002:python/object/new:os.system> [touch owned]",
    "title: &a [*a]",
    "a: &a {<<: *a}",
    "? {a: [b, c]}\n: d",
    "--- \ntitle: one\n---\ntitle: two",
    "%YAML 9.9\n---\ntitle: x",
    "%TAG ! tag:evil,2000:\n--- !x {}",
    "title: |\n" + "  line\n" * 5000,
    "[" * 3000,
    "{a: " * 500,
    "a" * 200_000,
    "'" + "\n" * 10_000,
    "events: [" + "{day: 1, act: us.talk}, " * 3000 + "]",
    "\n".join(f"key{k}: {k}" for k in range(5000)),
    "",
    "\n" * 5000,
    "\ufefftitle: x",
)


def case(seed: int, number: int) -> bytes:
    """The bytes of one case."""
    random = Random(f"{seed}/{number}")
    kind = random.choices((valid, nearly_valid, hostile), (3, 5, 3))[0]
    text = kind(random)
    raw = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.02:
        raw = raw[: random.randrange(len(raw) + 1)] + bytes([random.randrange(128, 256)]) + raw
    return raw


def valid(random: Random) -> str:
    """A scenario that should load: known paths with allowed values."""
    return written(scenario(random))


def nearly_valid(random: Random) -> str:
    """A valid scenario with one to three mistakes in its data or its text."""
    data = scenario(random)
    if random.random() < 0.6:
        for _ in range(random.randint(1, 3)):
            spoil(random, data)
        return written(data)
    text = written(data)
    for _ in range(random.randint(1, 3)):
        text = random.choice(SLIPS)(random, text)
    return text


def hostile(random: Random) -> str:
    """A file that wants to break the reader, alone or inside a valid scenario."""
    attack = random.choice((bomb, deep, trick, lambda random: random.choice(ATTACKS)))(random)
    return attack if random.random() < 0.5 else f"{written(scenario(random))}\n{attack}"


def scenario(random: Random) -> dict[str, Any]:
    """Some quantities of some groups, an event or two, policies and mindsets, with allowed values."""
    groups = random.sample(GROUPS, random.randint(1, len(GROUPS)))
    data: dict[str, Any] = {"horizon": random.randint(1, 30), "seed": random.getrandbits(62), "title": "fuzz"}
    data["militias"] = {group: {} for group in groups}
    known = drawable(groups)
    for path in random.sample(sorted(known), random.randint(0, 25)):
        if "lag_" not in path:
            put(data, path, value(random, known[path]))
    data["events"] = [event(random, groups, data["horizon"]) for _ in range(random.randint(0, 3))]
    if random.random() < 0.3:
        data["policies"] = {random.choice((*STATES, *groups)): random.choice(POLICIES)}
    if random.random() < 0.3:
        mind = random.choice(sorted(MINDSETS.values(), key=str))
        data["mindsets"] = {mind.kind.replace("militia", "militias"): {mind.name: 0.25, "default": 0.75}}
    if random.random() < 0.5:
        data["extends"] = "baghdad-2020"
    return data


def put(data: dict[str, Any], path: str, what: Any) -> None:
    """Set a value at a path."""
    *sections, last = split(path)
    for section in sections:
        data = data.setdefault(section, {})
    data[last] = what


def value(random: Random, quantity: Quantity) -> Any:
    """An allowed number, or a distribution of allowed numbers."""
    low, high = quantity.low, quantity.high
    if quantity.whole:
        return random.randint(int(low), int(high))
    number = random.choice((low, high, random.uniform(low, high)))
    other = random.uniform(low, high)
    if random.random() < 0.2 and number != other:
        return {random.choice(("uniform", "choice")): sorted((number, other))}
    return number


def event(random: Random, groups: list[str], horizon: int) -> dict[str, Any]:
    """A scripted act of an actor who can do it."""
    action = random.choice(CATALOGUE)
    owner = action.owner.name.lower()
    by = owner if owner in STATES else random.choice(groups)
    targets = targets_of(action.id, by, groups)
    at = {"at": random.choice(targets)} if targets else {}
    counts = {name: random.randint(-1, 3) for name in counts_of(action.id)[:2]}
    return {"day": random.randrange(horizon), "act": action.id, "by": by, **at, **counts}


def written(data: Any) -> str:
    """YAML text: block style on top, flow style below."""
    return "\n".join(f"{key}: {json.dumps(item, ensure_ascii=False)}" for key, item in data.items())


def spoil(random: Random, data: dict[str, Any]) -> None:
    """Put something wrong somewhere: a misspelt key, another type, another range, something missing."""
    holder: Any = data
    while isinstance(holder, dict) and holder and random.random() < 0.7:
        below = [item for item in holder.values() if isinstance(item, dict) and item]
        if not below:
            break
        holder = random.choice(below)
    key = random.choice(sorted(holder)) if holder else "title"
    wrong = random.choice((None, [], {}, "", -1, 1e300, True, "1", [1, [2]], {"uniform": [2, 1]}, 10**30, "ü"))
    change = random.randrange(4)
    if change == 0:
        holder[key] = wrong
    elif change == 1:
        holder[misspelt(random, key)] = holder.pop(key, wrong)
    elif change == 2:
        holder.pop(key, None)
    else:
        holder[random.choice(("extends", "parameters", "design", "calendar", "questions", "lag"))] = wrong


def misspelt(random: Random, word: str) -> str:
    """A word with one letter changed, doubled or lost."""
    place = random.randrange(len(word))
    return word[:place] + random.choice(("", "x", word[place] * 2, "_")) + word[place + 1 :]


def cut(random: Random, text: str) -> str:
    """Lose a stretch of text."""
    start = random.randrange(len(text) + 1)
    return text[:start] + text[start + random.randint(1, 20) :]


def odd_number(random: Random, text: str) -> str:
    """Replace a number by an odd one."""
    digits = [place for place, letter in enumerate(text) if letter.isdigit()]
    place = random.choice(digits or [0])
    return text[:place] + random.choice(ODD_NUMBERS) + text[place + 1 :]


def odd_text(random: Random, text: str) -> str:
    """Put odd characters somewhere."""
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(ODD_TEXTS) + text[place:]


def doubled(random: Random, text: str) -> str:
    """Write a line twice, at times indented."""
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice(("", "  ", "\t")) + random.choice(lines))
    return "\n".join(lines)


SLIPS: tuple[Callable[[Random, str], str], ...] = (cut, odd_number, odd_text, doubled)


def bomb(random: Random) -> str:
    """Aliases that multiply: a million laughs."""
    width, levels = random.randint(2, 12), random.randint(3, 30)
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{k}: &l{k} [{', '.join([f'*l{k - 1}'] * width)}]" for k in range(1, levels)]
    return "\n".join(lines)


def deep(random: Random) -> str:
    """Nesting, in flow or block style."""
    levels = random.randint(10, 2000)
    if random.random() < 0.5:
        return "story: " + "[" * levels + "]" * levels
    return "story:\n" + "\n".join(" " * (k + 1) + "a:" for k in range(min(levels, 300)))


def trick(random: Random) -> str:
    """A path where a name is expected."""
    return f"{random.choice(('extends', 'parameters'))}: {json.dumps(random.choice(ODD_PATHS))}"
