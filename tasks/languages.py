"""Languages by plain codes ("en", "zh"), and what the tokenizers of translation models call them.

M2M100 says `zh`, mBART-50 `zh_CN`, NLLB `zho_Hans`, Marian models with several targets
`>>cmn_Hans<<`; which of them a tokenizer knows is read from its special tokens.
"""

import re
from functools import cache
from typing import Any

from runtime.messages import Message

# Name, plain code, NLLB's code, other codes in use. The first row that fits a code names it.
LANGUAGES: tuple[tuple[Message, str, tuple[str, ...]], ...] = (
    (Message("English"), "en", ("eng_Latn",)),
    (Message("Chinese, simplified (简体中文)"), "zh", ("zho_Hans", "cmn_Hans", "cmn", "zho")),
    (Message("Chinese, traditional (繁體中文)"), "zh-Hant", ("zho_Hant", "cmn_Hant")),
    (Message("Arabic (العربية)"), "ar", ("arb_Arab", "ara")),
    (Message("Bengali (বাংলা)"), "bn", ("ben_Beng",)),
    (Message("Czech (čeština)"), "cs", ("ces_Latn",)),
    (Message("Danish (dansk)"), "da", ("dan_Latn",)),
    (Message("Dutch (Nederlands)"), "nl", ("nld_Latn",)),
    (Message("Finnish (suomi)"), "fi", ("fin_Latn",)),
    (Message("French (français)"), "fr", ("fra_Latn",)),
    (Message("German (Deutsch)"), "de", ("deu_Latn",)),
    (Message("Greek (ελληνικά)"), "el", ("ell_Grek",)),
    (Message("Hebrew (עברית)"), "he", ("heb_Hebr",)),
    (Message("Hindi (हिन्दी)"), "hi", ("hin_Deva",)),
    (Message("Hungarian (magyar)"), "hu", ("hun_Latn",)),
    (Message("Indonesian (Bahasa Indonesia)"), "id", ("ind_Latn",)),
    (Message("Italian (italiano)"), "it", ("ita_Latn",)),
    (Message("Japanese (日本語)"), "ja", ("jpn_Jpan",)),
    (Message("Korean (한국어)"), "ko", ("kor_Hang",)),
    (Message("Malay (Bahasa Melayu)"), "ms", ("zsm_Latn", "msa_Latn")),
    (Message("Persian (فارسی)"), "fa", ("pes_Arab", "fas")),
    (Message("Polish (polski)"), "pl", ("pol_Latn",)),
    (Message("Portuguese (português)"), "pt", ("por_Latn",)),
    (Message("Romanian (română)"), "ro", ("ron_Latn",)),
    (Message("Russian (русский)"), "ru", ("rus_Cyrl",)),
    (Message("Spanish (español)"), "es", ("spa_Latn",)),
    (Message("Swahili (Kiswahili)"), "sw", ("swh_Latn", "swa")),
    (Message("Swedish (svenska)"), "sv", ("swe_Latn",)),
    (Message("Thai (ไทย)"), "th", ("tha_Thai",)),
    (Message("Turkish (Türkçe)"), "tr", ("tur_Latn",)),
    (Message("Ukrainian (українська)"), "uk", ("ukr_Cyrl",)),
    (Message("Urdu (اردو)"), "ur", ("urd_Arab",)),
    (Message("Vietnamese (Tiếng Việt)"), "vi", ("vie_Latn",)),
)
NAMES = {code: name for name, code, _ in LANGUAGES}
OTHER_CODES = {code: others for _, code, others in LANGUAGES}

# What people and other lists of languages say beside the codes and names above.
ALIASES = {
    **{"chinese": "zh", "mandarin": "zh", "chi": "zh", "traditional chinese": "zh-Hant"},
    **{"simplified chinese": "zh", "cantonese": "yue", "castilian": "es", "flemish": "nl"},
    **{"ger": "de", "fre": "fr", "dut": "nl", "per": "fa", "cze": "cs", "gre": "el", "may": "ms"},
    **{"中文": "zh", "汉语": "zh", "普通话": "zh", "粤语": "yue"},
    **{"rum": "ro", "iw": "he", "in": "id", "farsi": "fa", "moldovan": "ro", "brazilian": "pt"},
}
# What means that none is named.
FIND_OUT = ("", "auto", "automatic", "autodetect", "auto-detect", "detect", "none", "null")
TRADITIONAL = ("hant", "tw", "hk", "mo")  # scripts and regions of Chinese
CODE = re.compile(r"[a-z]{2,3}[-_][A-Za-z]{2,4}")  # as of NLLB, which knows 200

TOKEN = re.compile(r"__([a-z]{2,3})__|>>(\w+)<<|([a-z]{2,3}_[A-Z][A-Za-z]+)")


def language_tokens(tokenizer: Any) -> dict[str, str]:
    """The tokenizer's own codes with their tokens; none for a model of one pair of languages."""
    tokens = [*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()]
    tokens += getattr(tokenizer, "supported_language_codes", [])
    tokens += getattr(tokenizer, "lang_code_to_token", {}).values()
    matches = {token: TOKEN.fullmatch(token) for token in tokens}
    return {match[match.lastindex or 0]: token for token, match in matches.items() if match}


def code_for_language(codes: dict[str, str], language: str) -> str | None:
    """What one of `codes` stands for `language`, a plain code or one of them; None if none does."""
    alternatives = OTHER_CODES.get(language, ())
    for code in (language, *alternatives, *(code.partition("_")[0] for code in alternatives)):
        if code in codes:
            return code
    if "-" in language:
        return None
    regional = [code for code in codes if code.startswith(f"{language}_")]
    return regional[0] if len(regional) == 1 else None


def language_name(code: str) -> str:
    """The language's name for a visitor; the code itself where it is not in the list."""
    return NAMES.get(code, code)


def language_code(language: object) -> object:
    """A language however it is called ("EN", "en-US", "english", "eng_Latn") -> its plain code.

    None for what names none ("auto").

    Another code is left to the model, which may know it. Raises ValueError for what is no language.
    """
    if not isinstance(language, str):
        return language
    name = language.strip().lower().replace("_", "-")
    if name in FIND_OUT:
        return None
    head, *rest = name.split("-")
    if head in ("zh", "zho", "chi", "cmn") and set(rest) & set(TRADITIONAL):
        return "zh-Hant"
    codes = _by_any_name()
    # "Chinese (Simplified)", as NLLB's list has it
    words = " ".join(sorted(re.findall(r"\w+", name), reverse=True))
    code = codes.get(name) or codes.get(words) or codes.get(head)
    if code is None and CODE.fullmatch(language.strip()):
        return language.strip()
    if code is None:
        raise ValueError(Message("no language here is called {name!r}", name=language[:40]))
    return code


@cache
def _by_any_name() -> dict[str, str]:
    """Names and codes of other lists, in small letters -> plain codes."""
    codes = dict(ALIASES)
    for name, code, others in reversed(LANGUAGES):  # of two with one ISO code the first counts
        english, _, native = name.rstrip(")").partition(" (")
        three = [other.partition("_")[0] for other in others]
        codes |= dict.fromkeys((english.lower(), native.lower(), code.lower(), *three), code)
    return {name: code for name, code in codes.items() if name}
