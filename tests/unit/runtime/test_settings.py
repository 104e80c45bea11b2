import re
from pathlib import Path
from typing import get_args

import gradio
import huggingface_hub
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.settings import (
    LIBRARY_NUMBERS,
    ROOT,
    BadSettings,
    Settings,
    can_write,
    check_library_numbers,
)

TOKEN = "hf_not_a_real_one"


def token_of(settings: Settings) -> str | None:
    return settings.token.get_secret_value() if settings.token else None


def test_an_empty_environment_gives_a_private_page_on_the_loopback_interface() -> None:
    settings = Settings.from_environ({})
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.catalogue == ROOT / "models.yaml"
    assert settings.cache_dir == Path.home() / ".cache" / "pipeline-playground"
    assert settings.hub_endpoint == "https://huggingface.co"
    assert settings.device is settings.token is settings.hub_cache is settings.memory_gb is None
    assert not settings.hub_offline
    assert not settings.public
    assert not settings.preload
    assert not settings.zero_gpu


def test_every_variable_reaches_its_field() -> None:
    settings = Settings.from_environ(
        {
            "HOST": "::1",
            "PORT": "80",
            "DEVICE": "-1",
            "CATALOGUE": "/tmp/mine.yaml",
            "CACHE_DIR": "/tmp/cache",
            "HF_HUB_CACHE": "/tmp/hub",
            "HF_ENDPOINT": "https://mirror.example",
            "HF_HUB_OFFLINE": "1",
            "MODEL_MEMORY_GB": "1.5",
            "IDLE_MINUTES": "0.5",
            "MAX_MODEL_GB": "3",
            "MAX_AUDIO_MINUTES": "2",
            "SHARE_TOKEN": "1",
            "ALLOWED_ENDPOINT_HOSTS": "a.example",
            "LOADING_MINUTES": "3",
            "API_TOKEN": "secret",
            "MAX_REQUEST_MB": "7",
            "REQUESTS_PER_MINUTE": "60",
            "SERVE_ANY_MODEL": "1",
            "PRELOAD": "1",
            "SPACES_ZERO_GPU": "true",
            "GPU_SECONDS": "90",
        }
    )
    assert settings.api_token is not None
    assert settings.api_token.get_secret_value() == "secret"
    assert (settings.max_request_mb, settings.requests_per_minute) == (7, 60)
    assert settings.serve_any_model
    assert (settings.host, settings.port, settings.device) == ("::1", 80, "-1")
    assert settings.catalogue == Path("/tmp/mine.yaml")
    assert (settings.cache_dir, settings.hub_cache) == (Path("/tmp/cache"), Path("/tmp/hub"))
    assert settings.hub_endpoint == "https://mirror.example"
    assert settings.hub_offline
    assert (settings.memory_gb, settings.idle_minutes) == (1.5, 0.5)
    assert (settings.max_model_gb, settings.max_audio_minutes) == (3, 2)
    assert settings.share_token
    assert (settings.allowed_endpoint_hosts, settings.loading_minutes) == ("a.example", 3)
    assert (settings.preload, settings.zero_gpu, settings.gpu_seconds) == (True, True, 90)


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGINGFACE_API_KEY"])
def test_either_name_of_the_token_is_read(name: str) -> None:
    assert token_of(Settings.from_environ({name: TOKEN})) == TOKEN


def test_hf_token_wins_over_the_name_in_tutorials() -> None:
    settings = Settings.from_environ({"HUGGINGFACE_API_KEY": "hf_old", "HF_TOKEN": TOKEN})
    assert token_of(settings) == TOKEN


def test_a_blank_hf_token_does_not_hide_the_other_one() -> None:
    settings = Settings.from_environ({"HUGGINGFACE_API_KEY": TOKEN, "HF_TOKEN": " "})
    assert token_of(settings) == TOKEN


def test_the_hub_cache_lies_in_hf_home_unless_named_itself() -> None:
    home = {"HF_HOME": "/data/hf"}
    assert Settings.from_environ(home).hub_cache == Path("/data/hf/hub")
    both = home | {"HF_HUB_CACHE": "/data/cache"}
    assert Settings.from_environ(both).hub_cache == Path("/data/cache")


def test_a_space_is_public_and_listens_to_its_proxy() -> None:
    settings = Settings.from_environ({"SPACE_ID": "someone/playground"})
    assert settings.public
    assert settings.host == "0.0.0.0"


def test_a_page_elsewhere_may_be_public_too() -> None:
    assert Settings.from_environ({"PUBLIC": "1"}).public
    assert not Settings.from_environ({"PUBLIC": "0"}).public


def test_a_host_set_by_hand_holds_on_a_space_too() -> None:
    assert Settings.from_environ({"SPACE_ID": "a/b", "HOST": "127.0.0.1"}).host == "127.0.0.1"


def test_zerogpu_preloads_unless_told_otherwise() -> None:
    space = {"SPACE_ID": "a/b", "SPACES_ZERO_GPU": "true"}
    assert Settings.from_environ(space).preload
    assert not Settings.from_environ(space | {"PRELOAD": "0"}).preload


def test_blank_variables_count_as_unset() -> None:
    names = [field.alias for field in Settings.model_fields.values()]
    blank = {str(name): " \t" for name in [*names, "HF_HOME", "HUGGINGFACE_API_KEY"]}
    assert Settings.from_environ(blank) == Settings.from_environ({})


def test_every_path_may_begin_at_home_and_blanks_around_a_value_go() -> None:
    settings = Settings.from_environ(
        {"HF_HOME": "~/x", "CATALOGUE": "~/m.yaml", "HF_TOKEN": "hf_x\n"}
    )
    assert settings.hub_cache == Path.home() / "x" / "hub"
    assert settings.catalogue == Path.home() / "m.yaml"
    assert settings.token is not None
    assert settings.token.get_secret_value() == "hf_x"


def test_a_home_and_a_last_slash_are_put_right() -> None:
    settings = Settings.from_environ({"CACHE_DIR": "~/mine", "HF_ENDPOINT": "http://hub.lan//"})
    assert settings.cache_dir == Path.home() / "mine"
    assert settings.hub_endpoint == "http://hub.lan"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PORT", "http", "valid integer"),
        ("PORT", "-1", "greater than or equal to 0"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("MODEL_MEMORY_GB", "0", "greater than or equal to 0.001"),
        ("MODEL_MEMORY_GB", "lots", "valid number"),
        ("IDLE_MINUTES", "-5", "greater than or equal to 0.001"),
        ("MAX_MODEL_GB", "0", "greater than or equal to 0.001"),
        ("MAX_AUDIO_MINUTES", "an hour", "valid number"),
        ("HF_HUB_OFFLINE", "perhaps", "valid boolean"),
        ("SHARE_TOKEN", "perhaps", "valid boolean"),
        ("PUBLIC", "perhaps", "valid boolean"),
        ("LOADING_MINUTES", "0", "greater than or equal to 0.001"),
        ("MAX_REQUEST_MB", "0", "greater than or equal to 0.001"),
        ("REQUESTS_PER_MINUTE", "0", "greater than 0"),
        ("REQUESTS_PER_MINUTE", "1.5", "valid integer"),
        ("SERVE_ANY_MODEL", "some", "valid boolean"),
        ("PRELOAD", "all of them", "valid boolean"),
        ("GPU_SECONDS", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_is_told_by_its_variable_and_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    with pytest.raises(BadSettings, match=f"variable {name}: .*{allowed}"):
        Settings.from_environ({name: value})


NUMBERS = {
    field.alias: field.annotation
    for field in Settings.model_fields.values()
    if {int, float} & {field.annotation, *get_args(field.annotation)}
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e400", "1e30", "9" * 30, "9" * 5000])
def test_every_number_has_bounds(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"^Environment variable {name}: [^\n]+$") as caught:
        Settings.from_environ({name: value})
    assert value not in str(caught.value)


def test_a_budget_that_would_count_as_none_is_too_small() -> None:
    with pytest.raises(BadSettings, match="MODEL_MEMORY_GB: .*0.001"):
        Settings.from_environ({"MODEL_MEMORY_GB": "1e-10"})


@pytest.mark.parametrize("name", ["CATALOGUE", "CACHE_DIR", "HF_HOME", "HF_HUB_CACHE"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("~no-such-user/x", "no such home directory"),
        ("/" + "x" * 5000, "File name too long"),
        (f"{__file__}/below", "Not a directory"),
        ("/a\x00b", "control character"),
        ("/a\nb", "control character"),
        ("/caf\udce9", "not UTF-8"),  # é in Latin-1, as Python reads it from the environment
    ],
)
def test_a_place_that_cannot_be_is_told(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSettings, match=f"^Environment variable {name}: [^\n]*{said}"):
        Settings.from_environ({name: value})


@pytest.mark.parametrize("name", ["CACHE_DIR", "HF_HUB_CACHE"])
def test_a_file_is_no_folder(name: str) -> None:
    with pytest.raises(BadSettings, match=f"variable {name}: This is a file"):
        Settings.from_environ({name: __file__})


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGINGFACE_API_KEY", "API_TOKEN"])
@pytest.mark.parametrize(
    "odd", ["hf_\udcff", "hf_\nX: y", "hf_a b", "hf_é", "hf_\x7f", "hf_\u200b", "„hf_abc“"]
)
def test_a_token_that_no_header_can_hold_is_refused_unseen(name: str, odd: str) -> None:
    with pytest.raises(BadSettings, match=f"^Environment variable {name}: ") as caught:
        Settings.from_environ({name: odd})
    assert "hf_" not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "10.0.0.1:",
        "a:99999",
        "a:0",
        ":6379",
        "a b:6379",
        "http://a:8265",
        "a:1:2",
        "²:²",
    ],
)
def test_an_address_that_ray_would_stumble_over_is_told(address: str) -> None:
    with pytest.raises(BadSettings, match="RAY_ADDRESS: .*10.0.0.1:6379"):
        Settings.from_environ({"RAY_ADDRESS": address})


@pytest.mark.parametrize(
    "address", ["auto", "local", "10.0.0.1:6379", "ray://head-1.lan:10001", "[fd00::1]:6379"]
)
def test_an_address_of_ray_is_kept(address: str) -> None:
    assert Settings.from_environ({"RAY_ADDRESS": address}).ray_address == address


def test_a_wrong_value_is_told_by_the_name_that_was_set() -> None:
    with pytest.raises(BadSettings, match="variable SPACES_ZERO_GPU: "):
        Settings.from_environ({"SPACES_ZERO_GPU": "perhaps"})


@pytest.mark.parametrize("value", ["abc", "", "1.5", "1e400", "\udcff"])
def test_a_number_that_a_library_would_stumble_over_is_told(value: str) -> None:
    for name in LIBRARY_NUMBERS:
        with pytest.raises(BadSettings, match=f"^Environment variable {name}: A whole number"):
            check_library_numbers({name: value})
    check_library_numbers(dict.fromkeys(LIBRARY_NUMBERS, "7"))
    check_library_numbers({})


def test_every_number_of_the_libraries_is_known() -> None:
    read = re.compile(r"int\(os\.(?:getenv|environ\.get)\(\s*\"(\w+)\"")
    files = [
        *Path(gradio.__file__).parent.glob("*.py"),
        *Path(huggingface_hub.__file__).parent.glob("*.py"),
    ]
    found = {name for file in files for name in read.findall(file.read_text(encoding="utf-8"))}
    assert found
    assert found == set(LIBRARY_NUMBERS)


def test_where_the_app_can_write(tmp_path: Path) -> None:
    assert can_write(tmp_path)
    assert can_write(tmp_path / "not" / "yet")
    assert not can_write(Path("/proc/self/not-yet"))


NAMES = [str(field.alias) for field in Settings.model_fields.values()]
SIGNS = st.characters() | st.sampled_from("~/.:-+e019\0\n\udc80\udcff")


@settings(deadline=None)
@given(
    st.sampled_from([*NAMES, "HF_HOME", "HUGGINGFACE_API_KEY"]),
    st.text(SIGNS, max_size=40) | st.integers().map(str) | st.floats().map(str),
)
def test_any_text_is_a_setting_or_told_in_one_line(name: str, value: str) -> None:
    said = name
    try:
        Settings.from_environ({name: value})
    except BadSettings as error:
        said = str(error)
    assert name in said
    assert said.isprintable()
    assert "TOKEN" not in name or len(value) < 9 or value not in said


def test_no_text_shows_a_token() -> None:
    settings = Settings.from_environ({"HF_TOKEN": TOKEN})
    with pytest.raises(BadSettings) as caught:  # the token, pasted into the wrong line
        Settings.from_environ({"HF_TOKEN": TOKEN, "PORT": TOKEN})
    for text in (repr(settings), str(settings), settings.model_dump_json(), str(caught.value)):
        assert TOKEN not in text
    assert caught.value.__suppress_context__  # a traceback would print pydantic's text
