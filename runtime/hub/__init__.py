"""The Hugging Face Hub or a mirror of it: reach it, see what is on disk, bring models here.

client         the endpoint, its token, can it be reached, what is on disk
repository     which files a model has, and one of them fetched, resumed and checked
snapshot       which files transformers needs, and whether they are whole
cache          what the shared cache holds, what comes and goes
download       one model, with progress and Stop
search         which models the Hub has
model_details  one model's facts, files, README
holdings       what a model's files are, where Transformers cannot load them
errors         what the Hub says, in our words
"""

from runtime.hub.client import DownloadPolicy, Hub

__all__ = ["DownloadPolicy", "Hub"]
