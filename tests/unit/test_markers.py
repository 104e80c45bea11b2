import pytest

from tests.markers import MARKERS, TESTS, find_markers


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("browser/test_page.py", {"app", "browser"}),
        ("browser/endpoints/test_list.py", {"app", "browser"}),
        ("e2e/test_start.py", {"app"}),
        ("unit/backends/test_local.py", {"model"}),
        ("unit/endpoints/test_ray_stops.py", {"app"}),
        ("unit/tasks/test_sample_names.py", {"model"}),
        ("unit/tabs/frame/test_header.py", {"app"}),
        ("unit/tasks/pipelines/test_question_answering.py", {"model"}),
        ("unit/tasks/test_damaged_weights.py", {"app", "model"}),
        ("unit/runtime/test_device.py", {"model"}),  # imports torch within a function
        ("unit/tasks/test_tables.py", set()),
        ("unit/web/test_policy.py", set()),
    ],
)
def test_a_file_has_the_markers_of_its_folder_and_its_imports(file: str, names: set[str]) -> None:
    assert find_markers(TESTS / file) == names


def test_tests_have_the_markers_of_their_file(request: pytest.FixtureRequest) -> None:
    assert request.session.items
    for item in request.session.items:
        assert {mark.name for mark in item.iter_markers()} & set(MARKERS) == find_markers(item.path)


def test_what_m_leaves_out_is_not_even_imported(pytestconfig: pytest.Config) -> None:
    left_out = TESTS / "unit" / "tasks" / "test_sample_names.py"
    expression = pytestconfig.option.markexpr
    ignored = pytestconfig.hook.pytest_ignore_collect(collection_path=left_out, config=pytestconfig)
    assert bool(ignored) == ("not model" in expression.split(" and "))
