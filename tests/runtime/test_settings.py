"""Settings, time and names."""

from pathlib import Path

import pytest

from runtime.clock import FixedClock, SystemClock
from runtime.errors import WrongReference, WrongSetting
from runtime.ids import SystemIds
from runtime.json_text import from_text, plain, to_text
from runtime.settings import Settings, as_text, load_settings


def test_what_is_given_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "parcours.toml"
    file.write_text('database = "file.db"\nport = 1\ninline_ms = 7\n', encoding="utf-8")
    environment = {"PARCOURS_PORT": "2", "PARCOURS_DATABASE": "env.db", "PARCOURS_DEV_MODE": "yes"}

    settings = load_settings(file, environment=environment, port=3, bind=None)

    assert settings == Settings(database="env.db", port=3, inline_ms=7, dev_mode=True)
    named = load_settings(environment={"PARCOURS_CONFIG": str(file)})
    assert named.port == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("prot = 1", "prot"),
        ('port = "1"', "int expected"),
        ("port = true", "int expected"),
        ("dev_mode = 1", "bool expected"),
        ("port = -1", "at least 0"),
        ('public_url = "parcours.example"', "public_url"),
        ('public_url = "https://parcours.example/"', "public_url"),
        ('embed_origins = "https://crm.example"', "list expected"),
        ("embed_origins = [1]", "list expected"),
        ('embed_origins = ["https://*.example"]', "embed_origins"),
        ('embed_origins = ["https://crm.example", "*"]', "embed_origins"),
        ("= 1", "not TOML"),
        ('dev_mode = true\nbind = "0.0.0.0"', "loopback"),
    ],
)
def test_a_wrong_file_is_refused_with_the_setting_s_name(
    tmp_path: Path, content: str, says: str
) -> None:
    file = tmp_path / "parcours.toml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(WrongSetting, match=says):
        load_settings(file, environment={})


def test_origins_come_as_a_list_and_from_the_environment_with_commas(tmp_path: Path) -> None:
    file = tmp_path / "parcours.toml"
    file.write_text('embed_origins = ["https://crm.example", "http://[::1]:8000"]\n')

    told = load_settings(file, environment={})
    said = load_settings(environment={"PARCOURS_EMBED_ORIGINS": as_text(told.embed_origins)})

    assert told.embed_origins == ("https://crm.example", "http://[::1]:8000")
    assert said == told


@pytest.mark.parametrize(
    ("name", "text"), [("PORT", "eighty"), ("DEV_MODE", "perhaps"), ("LANGUAGE", "de")]
)
def test_a_wrong_variable_is_refused(name: str, text: str) -> None:
    with pytest.raises(WrongSetting, match=name.lower()):
        load_settings(environment={f"PARCOURS_{name}": text})


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="No such file"):
        load_settings(tmp_path / "none.toml", environment={})


@pytest.mark.parametrize(
    ("bind", "is_loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x", False)],
)
def test_loopback_is_told_from_the_rest(bind: str, *, is_loopback: bool) -> None:
    assert Settings(bind=bind).is_loopback is is_loopback


def test_time_does_not_go_back_when_the_wall_clock_does(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, monotonic = 10_000_000, 5_000
    monkeypatch.setattr("time.time_ns", lambda: wall * 1_000_000)
    monkeypatch.setattr("time.monotonic_ns", lambda: monotonic * 1_000_000)
    clock = SystemClock()

    monotonic += 2_000
    wall += 2_500
    assert (clock.drift(), clock.now()) == (0, 10_002_000)
    wall -= 60_000
    assert clock.now() == 10_002_000
    assert clock.drift() == -59_500
    assert clock.now() == wall
    assert clock.drift() == -59_500


def test_names_sort_by_the_time_they_were_made() -> None:
    clock = FixedClock()
    ids = SystemIds(clock)
    made = []
    for _ in range(50):
        made.append(ids.new("ses"))
        clock.advance(1)

    assert made == sorted(made)
    assert len(set(made)) == 50
    assert {len(one) for one in made} == {30}


@pytest.mark.parametrize("text", ["", "a\0b", "a\nb", "\ud800", "x" * 256])
def test_a_short_text_that_one_database_would_refuse_is_refused_before_both(text: str) -> None:
    with pytest.raises(WrongReference, match="channel"):
        plain(text, "channel")


def test_json_keeps_what_it_is_given_and_refuses_what_no_database_takes() -> None:
    value = {"a": ["é", 1, 2.5, None, True, {"b": "\u0000"}]}

    assert from_text(to_text(value)) == value
    with pytest.raises(WrongReference):
        to_text({"a": "\ud800"})
