"""Made-up names, Western and Chinese: a model is to match letters, not names it has met."""

import random

ONSETS = "bcdfghjklmnprstvwz"
VOWELS = "aaeeiioouy"
COMMON_HAN = (
    "安宝白北滨波博草长城川春大丹道德东冬方飞丰福刚高歌光广国海杭和河红宏虹湖虎华桦辉嘉家江杰金京晶景静军康"
    "昆兰乐雷立丽连林龙楼路露马梅美门明木南宁平奇启千桥青清庆秋泉然仁荣瑞三山上深石水顺思松泰天田铁庭通同"
    "万文武夏小晓心新星兴雄秀雪雅阳叶一银英永友玉月云泽展振正志中竹子紫"
)
ENDS = ("n", "r", "s", "lton", "ville", "berg", "field", "mar", "nia", "son", "ley", "wick", "")


def name(order: random.Random) -> str:
    """One to three syllables and an end, with a capital: "Kaverberg"; now and then two of them."""
    parts = [order.choice(ONSETS) + order.choice(VOWELS) for _ in range(order.randint(1, 3))]
    one = ("".join(parts) + order.choice(ENDS)).capitalize()
    return f"{one} {name(order)}" if order.random() < 0.15 else one


def han(order: random.Random) -> str:
    """Two or three of the commoner Chinese characters, as they come."""
    return "".join(order.choice(COMMON_HAN) for _ in range(order.randint(2, 3)))


INVENTED = {"@name": name, "@han": han}  # what stands for one where texts are listed
