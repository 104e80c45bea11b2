"""Free English text that PyPI and Debian carry, split by document before anything learns from it.

- everyday sentences: the English side of Tatoeba's pairs (CC BY 2.0 FR, a file given by path) and
  of the HSK sentences (CC BY-SA 4.0, PyPI hsk-sentences-audio 1.0.0)
- an encyclopaedia: 206 articles of the English Wikipedia (CC BY-SA 3.0), test data of PyPI gensim
  4.4.0
- phrases: the usage examples of WordNet 3.0 (WordNet licence), Debian's wordnet-base
- novels: six by Jane Austen (public domain), Debian's r-cran-janeaustenr 1.0.0
"""

import bz2
import gzip
import json
import re
import struct
import zlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

WIKIPEDIA = "test/test_data/enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
WORDNET = Path("/usr/share/wordnet")
AUSTEN = Path("/usr/lib/R/site-library/janeaustenr/data")
HELD_OUT_NOVEL = "northangerabbey"


HELD_OUT, WATCHED, PARTS = 0, 1, 10  # a tenth of the documents to judge by, one to watch


def part(document: str) -> int:
    """Which tenth a document belongs to, by its content alone: the same whatever the order."""
    return zlib.crc32(document.encode()) % PARTS


def tatoeba(pairs: Path) -> list[str]:
    """The distinct English sentences of a file of English-Chinese pairs, tab separated."""
    lines = pairs.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line.split("\t")[0].strip() for line in lines if line.strip()))


def hsk() -> list[str]:
    """English translations of graded Chinese sentences."""
    path = Path(str(files("hsk_sentences_audio"))) / "data" / "sentences.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return list(dict.fromkeys(row["translation"]["en"].strip() for row in rows))


def key(sentence: str) -> str:
    """What near-duplicates share: the letters, and numbers and names as such."""
    plain = re.sub(r"\b[A-Z][a-z]+\b|\d+", "#", sentence[:1].lower() + sentence[1:])
    return re.sub(r"[^a-z#]+", " ", plain.lower()).strip()


def wordnet_examples(folder: Path = WORDNET) -> list[str]:
    """Phrases in quotation marks from the glosses, such as "a busy day at the office"."""
    found: dict[str, None] = {}
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{kind}").read_text(encoding="utf-8").splitlines():
            _, _, gloss = line.partition(" | ")
            for phrase in re.findall(r'"([^"]+)"', gloss):
                if len(phrase.split()) >= 4:
                    found[phrase.strip()] = None
    return list(found)


def wikipedia() -> Iterator[tuple[str, list[str]]]:
    """Title and paragraphs of each article; redirects, lists and tables are left out."""
    from gensim.corpora.wikicorpus import filter_wiki

    with bz2.open(Path(str(files("gensim"))) / WIKIPEDIA) as file:
        title = ""
        for _, node in ElementTree.iterparse(file):
            tag = node.tag.rpartition("}")[2]
            if tag == "title":
                title = node.text or ""
            elif tag == "text" and node.text and ":" not in title:
                paragraphs = [_plain(line) for line in filter_wiki(node.text).splitlines()]
                prose = [text for text in paragraphs if _is_prose(text)]
                if prose:
                    yield title, prose


def _plain(line: str) -> str:
    line = re.sub(r"'{2,}|\(\s*[;,]?\s*\)|<[^>]*>", "", line)
    return re.sub(r"\s+([,.;:])", r"\1", re.sub(r"\s+", " ", line)).strip()


def _is_prose(line: str) -> bool:
    return len(line) > 80 and line[0].isalpha() and line[-1] in '.!?"' and "|" not in line


def sentences(paragraph: str) -> list[str]:
    """Cut where a sentence seems to end."""
    return re.split(r"(?<=[a-z0-9)][.!?])\s+(?=[A-Z\"])", paragraph)


def austen(folder: Path = AUSTEN) -> dict[str, list[str]]:
    """Paragraphs of each novel by its name in the R package, headings left out."""
    index = gzip.decompress((folder / "Rdata.rdx").read_bytes())
    data = (folder / "Rdata.rdb").read_bytes()
    # Each variable in the index: an R integer vector (type 13) of two, offset and length.
    places = re.findall(rb"\x00\x00\x00\r\x00\x00\x00\x02(.{4})(.{4})", index, re.DOTALL)
    found = re.findall(rb"\x00\x04\x00\t\x00\x00\x00.([a-z]+)", index, re.DOTALL)
    names = [name.decode() for name in found]
    novels = {}
    for name, (offset, length) in zip(names[1:], places, strict=False):
        start = struct.unpack(">i", offset)[0]
        stored = data[start + 4 : start + struct.unpack(">i", length)[0]]
        novels[name] = _paragraphs(_lines(zlib.decompress(stored)))
    return novels


def _lines(vector: bytes) -> list[str]:
    """The strings of a serialised R character vector: each four bytes of flags, four of length."""
    start = vector.index(b"\x00\x00\x00\x10") + 8
    lines = []
    while start + 8 <= len(vector) and vector[start + 3] == 9:
        length = max(0, struct.unpack(">i", vector[start + 4 : start + 8])[0])
        lines.append(vector[start + 8 : start + 8 + length].decode("utf-8", "replace"))
        start += 8 + length
    return lines


def _paragraphs(lines: list[str]) -> list[str]:
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    joined = (
        " ".join(block.split()).replace("--", " \u2013 ").replace("_", "") for block in blocks
    )
    return [text for text in joined if len(text) > 40 and not text.isupper()]
