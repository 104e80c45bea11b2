"""The languages that Whisper knows, by its own codes; Cantonese since large-v3 only.

Source: the language tokens of https://huggingface.co/openai/whisper-large-v3.
"""

import re
from typing import TYPE_CHECKING, Literal

from runtime.messages import Message
from tasks.languages import FIND_OUT, language_code

# fmt: off
LANGUAGES: tuple[tuple[str, Message], ...] = (
    ("en", Message("English")), ("zh", Message("Chinese")), ("af", Message("Afrikaans")),
    ("sq", Message("Albanian")), ("am", Message("Amharic")), ("ar", Message("Arabic")),
    ("hy", Message("Armenian")), ("as", Message("Assamese")), ("az", Message("Azerbaijani")),
    ("ba", Message("Bashkir")), ("eu", Message("Basque")), ("be", Message("Belarusian")),
    ("bn", Message("Bengali")), ("bs", Message("Bosnian")), ("br", Message("Breton")),
    ("bg", Message("Bulgarian")), ("ca", Message("Catalan")), ("hr", Message("Croatian")),
    ("cs", Message("Czech")), ("da", Message("Danish")), ("nl", Message("Dutch")),
    ("et", Message("Estonian")), ("fo", Message("Faroese")), ("fi", Message("Finnish")),
    ("fr", Message("French")), ("gl", Message("Galician")), ("ka", Message("Georgian")),
    ("de", Message("German")), ("el", Message("Greek")), ("gu", Message("Gujarati")),
    ("ht", Message("Haitian Creole")), ("ha", Message("Hausa")), ("haw", Message("Hawaiian")),
    ("he", Message("Hebrew")), ("hi", Message("Hindi")), ("hu", Message("Hungarian")),
    ("is", Message("Icelandic")), ("id", Message("Indonesian")), ("it", Message("Italian")),
    ("ja", Message("Japanese")), ("jw", Message("Javanese")), ("kn", Message("Kannada")),
    ("kk", Message("Kazakh")), ("km", Message("Khmer")), ("ko", Message("Korean")),
    ("lo", Message("Lao")), ("la", Message("Latin")), ("lv", Message("Latvian")),
    ("ln", Message("Lingala")), ("lt", Message("Lithuanian")), ("lb", Message("Luxembourgish")),
    ("mk", Message("Macedonian")), ("mg", Message("Malagasy")), ("ms", Message("Malay")),
    ("ml", Message("Malayalam")), ("mt", Message("Maltese")), ("mi", Message("Maori")),
    ("mr", Message("Marathi")), ("mn", Message("Mongolian")), ("my", Message("Myanmar")),
    ("ne", Message("Nepali")), ("no", Message("Norwegian")), ("nn", Message("Nynorsk")),
    ("oc", Message("Occitan")), ("ps", Message("Pashto")), ("fa", Message("Persian")),
    ("pl", Message("Polish")), ("pt", Message("Portuguese")), ("pa", Message("Punjabi")),
    ("ro", Message("Romanian")), ("ru", Message("Russian")), ("sa", Message("Sanskrit")),
    ("sr", Message("Serbian")), ("sn", Message("Shona")), ("sd", Message("Sindhi")),
    ("si", Message("Sinhala")), ("sk", Message("Slovak")), ("sl", Message("Slovenian")),
    ("so", Message("Somali")), ("es", Message("Spanish")), ("su", Message("Sundanese")),
    ("sw", Message("Swahili")), ("sv", Message("Swedish")), ("tl", Message("Tagalog")),
    ("tg", Message("Tajik")), ("ta", Message("Tamil")), ("tt", Message("Tatar")),
    ("te", Message("Telugu")), ("th", Message("Thai")), ("bo", Message("Tibetan")),
    ("tr", Message("Turkish")), ("tk", Message("Turkmen")), ("uk", Message("Ukrainian")),
    ("ur", Message("Urdu")), ("uz", Message("Uzbek")), ("vi", Message("Vietnamese")),
    ("cy", Message("Welsh")), ("yi", Message("Yiddish")), ("yo", Message("Yoruba")),
    ("yue", Message("Cantonese")),
)
# fmt: on

# For pydantic one of the codes; a type checker cannot evaluate a Literal that is computed.
if TYPE_CHECKING:
    LanguageCode = str
else:
    LanguageCode = Literal[tuple(code for code, _ in LANGUAGES)]

# Of transformers' own list (TO_LANGUAGE_CODE), and codes that other lists have.
ALIASES = {
    **{"burmese": "my", "valencian": "ca", "flemish": "nl", "haitian": "ht", "pushto": "ps"},
    **{"letzeburgesch": "lb", "panjabi": "pa", "moldavian": "ro", "moldovan": "ro"},
    **{"sinhalese": "si", "castilian": "es", "mandarin": "zh", "jv": "jw", "nb": "no"},
    **{"fil": "tl", "iw": "he", "zh-yue": "yue", "cmn": "zh"},
    **{"nob": "no", "nor": "no", "nno": "nn", "tgl": "tl", "bokmål": "no", "bokmal": "no"},
    **{"华语": "zh", "華語": "zh", "国语": "zh", "國語": "zh", "漢語": "zh", "普通話": "zh"},
    **{"粤语": "yue", "粵語": "yue", "广东话": "yue", "廣東話": "yue"},
}


def spoken_code(language: object) -> object:
    """A language however it is called ("english", "EN", "en-US", "<|en|>") -> Whisper's code.

    None for what means "find out"; what is unknown stays as it is.
    """
    if not isinstance(language, str):
        return language
    name = language.strip().strip("<|>").lower().replace("_", "-")
    if name in FIND_OUT:
        return None
    codes = {code: code for code, _ in LANGUAGES}
    spellings = {**codes, **{english.lower(): code for code, english in LANGUAGES}, **ALIASES}
    head = name.partition("-")[0]
    if name in spellings or head in spellings:
        return spellings.get(name) or spellings[head]
    try:
        plain = str(language_code(name)).partition("-")[0]
    except ValueError:
        plain = ""
    words = re.findall(r"\w+", name)  # "Brazilian Portuguese", "English (US)"
    return spellings.get(plain) or next((spellings[w] for w in words if w in spellings), language)
