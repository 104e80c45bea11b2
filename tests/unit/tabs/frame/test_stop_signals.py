from tabs.frame.stop_signals import StopSignals


def test_stop_reaches_its_own_run_and_no_other() -> None:
    signals = StopSignals()
    with signals.running(("ann", "speech")) as ann, signals.running(("bob", "speech")) as bob:
        signals.stop(("ann", "speech"))
        assert ann.is_set()
        assert not bob.is_set()
    signals.stop(("ann", "speech"))  # nothing is left to stop


def test_a_new_run_ends_the_one_before() -> None:
    signals = StopSignals()
    with signals.running(("ann", "speech")) as first:
        with signals.running(("ann", "speech")) as second:
            assert first.is_set()
            assert not second.is_set()
        assert not second.is_set()


def test_who_leaves_ends_all_their_runs() -> None:
    signals = StopSignals()
    with (
        signals.running(("ann", "speech")) as speech,
        signals.running(("ann", "text")) as text,
        signals.running(("bob", "text")) as other,
    ):
        signals.leave("ann")
        assert speech.is_set()
        assert text.is_set()
        assert not other.is_set()
