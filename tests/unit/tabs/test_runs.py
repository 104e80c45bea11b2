from tabs.runs import Runs


def test_stop_reaches_its_own_run_and_no_other() -> None:
    runs = Runs()
    with runs.running(("ann", "speech")) as ann, runs.running(("bob", "speech")) as bob:
        runs.stop(("ann", "speech"))
        assert ann.is_set()
        assert not bob.is_set()
    runs.stop(("ann", "speech"))  # nothing is left to stop


def test_a_new_run_ends_the_one_before() -> None:
    runs = Runs()
    with runs.running(("ann", "speech")) as first:
        with runs.running(("ann", "speech")) as second:
            assert first.is_set()
            assert not second.is_set()
        assert not second.is_set()


def test_who_leaves_ends_all_their_runs() -> None:
    runs = Runs()
    with (
        runs.running(("ann", "speech")) as speech,
        runs.running(("ann", "text")) as text,
        runs.running(("bob", "text")) as other,
    ):
        runs.leave("ann")
        assert speech.is_set()
        assert text.is_set()
        assert not other.is_set()
