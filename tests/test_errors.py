"""Errors say what is wrong, what is allowed and what was probably meant."""

import pickle
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError, MissingExtra, SimError, nearest, require, unknown

GROUPS = ["kataib_hezbollah", "asaib_ahl_al_haq", "badr"]


def test_bad_input_exits_with_two() -> None:
    assert InputError("no such file").exit_code == 2
    assert MissingExtra("SALib", "analysis").exit_code == 2
    assert SimError("anything else").exit_code == 1


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("kataib_hizbollah", " did you mean 'kataib_hezbollah'?"),
        ("BADR", " did you mean 'badr'?"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_nearest_hints_only_at_what_is_close(typed: str, hint: str) -> None:
    assert nearest(typed, GROUPS) == hint


def test_nearest_of_nothing_is_no_hint() -> None:
    assert nearest("badr", []) == ""


@given(st.lists(st.text(min_size=1), min_size=1, unique_by=str.casefold), st.data())
def test_nearest_finds_an_allowed_name_itself(allowed: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(allowed))
    assert nearest(name, allowed) == f" did you mean '{name}'?"


def test_unknown_names_the_nearest_and_then_all() -> None:
    error = unknown("militia", "bader", GROUPS)
    assert isinstance(error, InputError)
    assert str(error) == (
        "unknown militia 'bader'; did you mean 'badr'? known: asaib_ahl_al_haq, badr, kataib_hezbollah"
    )


def test_unknown_says_when_there_is_nothing_to_choose_from() -> None:
    assert str(unknown("mindset", "calm", [])) == "unknown mindset 'calm'; known: none"


def test_require_returns_the_module() -> None:
    assert require("sim.errors", "analysis") is sys.modules["sim.errors"]


def test_require_says_which_extra_to_install() -> None:
    with pytest.raises(MissingExtra, match=r"pip install .*\[analysis\]'") as caught:
        require("no_such_library.sample", "analysis")
    assert caught.value.module == "no_such_library.sample"
    assert caught.value.extra == "analysis"


def test_require_does_not_hide_a_broken_installation(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_installed.py").write_text("import its_own_dependency\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="its_own_dependency"):
        require("half_installed", "analysis")


def test_require_does_not_take_a_wrong_module_for_a_missing_package() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        require("sim.no_such_module", "analysis")


@pytest.mark.parametrize("error", [InputError("bad key"), MissingExtra("solara", "dashboard")])
def test_errors_travel_between_processes(error: SimError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
