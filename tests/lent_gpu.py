"""What ZeroGPU does with a decorated generator, on a machine that has none: real forked processes.

As in the package `spaces` 0.51.3, zero/wrappers.py: a process forked at the first call and kept
for later ones, arguments and values by pickle, of an exception only its class's name, and Stop at
the next value once the generator is closed. What is left out is CUDA, and the queue for a GPU.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

FORK = multiprocessing.get_context("fork")


class LentGpu:
    """`with LentGpu() as gpu`: pass `gpu.lend` to the backend. `gpu.refuse` is the reason, if any.

    `on_call` runs in the caller's thread at each call.
    """

    def __init__(self, on_call: Callable[[], None] = lambda: None) -> None:
        self.refuse = ""
        self.processes: list[Any] = []
        self._on_call = on_call
        self._asked, self._told = FORK.SimpleQueue(), FORK.SimpleQueue()
        self._stop = FORK.Event()

    def __enter__(self) -> "LentGpu":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.join()

    def lend(self, answers: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def calling(*args: Any) -> Iterator[Any]:
            self._on_call()
            if self.refuse:
                raise gr.Error(self.refuse)
            if not self.processes:
                self.processes.append(FORK.Process(target=self._serve, args=(answers,)))
                self.processes[-1].start()
            self._asked.put(args)
            ended = False
            try:
                while True:
                    kind, value = self._told.get()
                    ended = kind != "value"
                    if kind == "error":
                        raise gr.Error(value)
                    if ended:
                        return
                    yield value
            finally:
                if not ended:
                    self._stop.set()
                    while self._told.get()[0] == "value":
                        pass

        return calling

    def _serve(self, answers: Callable[..., Iterator[Any]]) -> None:
        import torch

        torch.set_num_threads(1)  # OpenMP's threads did not come along through the fork
        while True:
            args = self._asked.get()
            self._stop.clear()
            running = answers(*args)
            try:
                for value in running:
                    if self._stop.is_set():
                        running.close()
                        break
                    self._told.put(("value", value))
            except Exception as error:  # noqa: BLE001 -- as the original: its class's name is all
                traceback.print_exc()
                self._told.put(("error", type(error).__name__))
            else:
                self._told.put(("end", None))
