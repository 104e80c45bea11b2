from runtime.pool import ModelKey, Resident
from serving.metrics import Metrics

WHO = ("text-classification", "sample/sentiment-en")


def test_requests_errors_and_what_is_in_memory_are_counted() -> None:
    there = [Resident(ModelKey(*WHO, None), 5000, False)]
    metrics = Metrics(lambda: there)
    metrics.record(WHO, 200, 0.02)
    metrics.record(WHO, 200, 0.02)
    metrics.record(WHO, 503, 0.02)
    metrics.queue.labels(*WHO).observe(1.5)
    text = metrics.text().decode()

    def line(name: str, value: float, *more: str) -> str:
        labels = ['model="sample/sentiment-en"', *more, 'task="text-classification"']
        return f"{name}{{{','.join(labels)}}} {value}"

    good, loading = 'status="200"', 'status="503"'
    assert line("playground_requests_total", 2.0, good) in text
    assert line("playground_errors_total", 1.0, loading) in text
    assert line("playground_errors_total", 2.0, good) not in text
    assert line("playground_request_seconds_count", 3.0) in text
    assert line("playground_queue_seconds_sum", 1.5) in text
    assert line("playground_model_memory_bytes", 5000.0) in text
    assert "playground_models_in_memory 1.0" in text
    there.clear()
    assert "playground_models_in_memory 0.0" in metrics.text().decode()


def test_two_applications_do_not_count_each_others() -> None:
    first, second = Metrics(list), Metrics(list)
    first.record(WHO, 200, 0.1)
    assert "sentiment" not in second.text().decode()
