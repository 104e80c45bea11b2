"""Made-up names, so that a model learns to match letters instead of names it has met."""

import random

INVENTED = "@name"  # stands for one where texts are listed
ONSETS = "bcdfghjklmnprstvwz"
VOWELS = "aaeeiioouy"
ENDS = ("n", "r", "s", "lton", "ville", "berg", "field", "mar", "nia", "son", "ley", "wick", "")


def name(order: random.Random) -> str:
    """One to three syllables and an end, with a capital: "Kaverberg"; now and then two of them."""
    parts = [order.choice(ONSETS) + order.choice(VOWELS) for _ in range(order.randint(1, 3))]
    one = ("".join(parts) + order.choice(ENDS)).capitalize()
    return f"{one} {name(order)}" if order.random() < 0.15 else one
