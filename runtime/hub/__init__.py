"""The Hugging Face Hub or a mirror of it: reach it, see what is on disk, bring models here.

access    the endpoint, its token, what is on disk     probe     can it be reached, within seconds
download  one model, with progress and Stop            listing   which files it has, how large
checkout  its files into the shared cache              transfer  one file, resumed and checked
snapshot  which files transformers needs               errors    what the Hub says, in our words
search    which models it has                          about     one model's facts, files, README
disk      what of it is on this machine
"""

from runtime.hub.client import DownloadPolicy, Hub

__all__ = ["DownloadPolicy", "Hub"]
