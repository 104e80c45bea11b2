"""Giving memory back to the machine once a model has been let go."""

import ctypes
import ctypes.util
import gc
import sys


def release() -> None:
    """Collect what is unreachable and hand freed pages back, on the GPU and on the CPU."""
    gc.collect()  # a pipeline and its model refer to each other
    torch = sys.modules.get("torch")  # not imported: then it holds nothing
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch is not None and torch.xpu.is_available():
        torch.xpu.empty_cache()
    # glibc keeps freed blocks for itself until told otherwise; other C libraries have no such call.
    libc = ctypes.util.find_library("c") if sys.platform.startswith("linux") else None
    if libc and hasattr(trim := ctypes.CDLL(libc), "malloc_trim"):
        trim.malloc_trim(0)
