# The page in a container, for a CPU or, with --build-arg TORCH=cuda, for NVIDIA GPUs.
# docs/deploying.md tells how to build it, behind a mirror too, and how to run it.

# A base image from a registry of your own, where Docker Hub cannot be reached.
ARG BASE_IMAGE=python:3.11-slim-bookworm
ARG TORCH=cpu

FROM ${BASE_IMAGE} AS base
# A mirror of PyPI, where PyPI is slow; pip reads it by this name.
ARG PIP_INDEX_URL=https://pypi.org/simple
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
# 1000 is the user that Hugging Face's Docker Spaces run as. Models go to /data, all else is read only.
RUN useradd --uid 1000 --create-home app \
    && install --directory --owner=app --group=app /data
WORKDIR /app
COPY requirements*.txt ./

FROM base AS torch-cpu
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
# Alone and first: pip's usual build of torch brings several GB for GPUs.
RUN grep '^torch' requirements.txt > /tmp/torch.txt \
    && pip install --no-cache-dir --index-url "${TORCH_INDEX_URL}" --requirement /tmp/torch.txt \
    && rm /tmp/torch.txt

FROM base AS torch-cuda
# The usual build of torch has CUDA in its wheels; the driver comes from the host.
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

# hadolint ignore=DL3006
FROM torch-${TORCH} AS app
WORKDIR /app
RUN pip install --no-cache-dir --requirement requirements.txt --requirement requirements-offline.txt
COPY . .
ENV HOST=0.0.0.0 \
    PORT=7860 \
    HF_HOME=/data/huggingface \
    CACHE_DIR=/data/pipeline-playground
USER 1000
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=8)"]
CMD ["python", "app.py"]
