"""Every broken scenario is refused with one message: file, line, cause, what is allowed, the nearest name."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sim.errors import InputError
from sim.scenario import load

FOLDER = Path(__file__).parent / "broken"
EXPECTED = YAML(typ="safe").load(FOLDER / "expected.yaml")


def test_every_broken_file_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} - {"expected"} == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_broken_file_is_refused(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    with pytest.raises(InputError) as caught:
        load(path)
    message = str(caught.value)
    where = FOLDER / f"{EXPECTED[name].get('file', name)}.yaml"
    assert message.startswith(f"{where}:{EXPECTED[name]['line']}: "), message
    for part in EXPECTED[name]["says"]:
        assert part in message
    assert "{path}" not in message
