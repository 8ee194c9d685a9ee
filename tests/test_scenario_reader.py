"""YAML becomes plain data with places, and nothing in a file can run code, hang or exhaust memory."""

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario.places import Document, Place
from sim.scenario.reader import MAX_BYTES, read_bytes, read_text


def test_scalars_are_those_of_yaml_1_2() -> None:
    text = "a: 012\nb: yes\nc: .5\nd: 1e3\ne: 0o17\nf: 2020-09-28\ng: null\nh: 1:30\ni: true\nj: '5'\n"
    assert read_text(text, "f").data == {
        "a": 12,
        "b": "yes",
        "c": 0.5,
        "d": 1000.0,
        "e": 15,
        "f": date(2020, 9, 28),
        "g": None,
        "h": "1:30",
        "i": True,
        "j": "5",
    }


def test_places_are_the_lines_of_keys_and_items() -> None:
    document = read_text("a:\n  b:\n    - 1\n    - x: 2\n\nc: 3\n", "f.yaml")
    assert document.place(("a", "b")) == Place("f.yaml", 2)
    assert document.place(("a", "b", 1, "x")) == Place("f.yaml", 4)
    assert document.place(("c",)) == Place("f.yaml", 6)


def test_a_place_that_is_not_there_is_that_of_the_nearest_around_it() -> None:
    document = read_text("a:\n  b: 1\n", "f.yaml")
    assert str(document.place(("a", "z", "y"))) == "f.yaml:1"
    assert str(document.place(("z",))) == "f.yaml:1"


def test_aliases_in_moderation_are_written_out() -> None:
    assert read_text("a: &x {b: 1}\nc: *x\n", "f").data == {"a": {"b": 1}, "c": {"b": 1}}


def test_an_anchor_that_is_set_again_holds_from_there_on_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    assert read_text("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "f").data == {"a": 1, "b": 1, "c": 2, "d": 2}
    assert not list(recwarn)


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_bytes("\ufefftitle: é\n".encode(), "f").data == {"title": "é"}


HOSTILE = {
    "brackets": "a: " + "[" * 900_000,
    "braces": "{a: " * 200_000,
    "dashes": "- " * 400_000,
    "many values": "a: [" + "1, " * 300_000 + "]",
    "many keys": "".join(f"k{index}: 1\n" for index in range(80_000)),
    "many anchors": "".join(f"k{index}: &k{index} 1\n" for index in range(40_000)),
    "many aliases": "a: &a 1\nb: [" + "*a, " * 101 + "]",
    "wide laughs": "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9) or 'x'}]\n" for n in range(10)).replace(
        "*k-1", "x"
    ),
    "comments": "#\n" * 400_000,
    "tags": "a: !!python/object/apply:os.system [id]",
    "too many digits": "a: " + "9" * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_refused_at_once(kind: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError):
        read_text(HOSTILE[kind], "hostile.yaml")
    assert time.perf_counter() - start < 60  # seconds; unguarded, most of these take minutes or all memory


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    with pytest.raises(InputError, match="larger than 1000 kB"):
        read_bytes(b"a" * (MAX_BYTES + 1), "f")


def outcome(read: Callable[..., Document], given: str | bytes) -> str:
    """`read`, or the message with which it was refused; anything else that is raised fails the test."""
    try:
        return "read" if isinstance(read(given, "f").data, dict) else "not a mapping"
    except InputError as error:
        return str(error)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert outcome(read_text, text).startswith(("read", "f:"))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    assert outcome(read_bytes, raw).startswith(("read", "f:"))


PIECES = [
    "a",
    "b",
    "us",
    ": ",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "*a",
    "&a ",
    "!!int ",
    "'",
    '"',
    "|",
    ">",
    "#",
    "? ",
]


@given(st.lists(st.sampled_from([*PIECES, "<<", "1", ".nan", "%YAML 1.1\n", "---\n", "\t", "=", "~"]), max_size=25))
def test_anything_that_looks_like_yaml_is_read_or_refused(pieces: list[str]) -> None:
    assert outcome(read_text, "".join(pieces)).startswith(("read", "f:"))
