"""Made-up everyday Chinese sentences with a sentiment, for what shop reviews never say.

Everything is composed from the word lists below by a seeded generator; no corpus, no lexicon.
The reviews speak of books, hotels and computers; these add food, people, weather, feelings and
the negations that turn a word round (不差, 没什么好抱怨的, 一点也不好).
"""

import random

NEGATIVE, POSITIVE = 0, 1

# (what it is called, what is said of it when good, when bad)
TOPICS: tuple[tuple[str, str, str], ...] = (
    (
        "餐馆 饭店 餐厅 菜 饭 早餐 午饭 晚饭 火锅 烧烤 米饭 面条 蛋糕 水果 牛肉 海鲜 点心 包子 "
        "奶茶 咖啡馆 食堂 外卖 这道菜 这家店 这碗面",
        "好吃 美味 可口 新鲜 香 地道 实惠 干净 丰盛 划算 正宗 合胃口 便宜又好吃 让人回味",
        "难吃 恶心 油腻 太咸 没味道 不卫生 又贵又难吃 变质 糊 凉 难以下咽 不干净 坑人 没熟 有怪味",
    ),
    (
        "手机 电脑 相机 手表 键盘 屏幕 电池 冰箱 洗衣机 电视 音箱 充电器 吹风机 打印机 汽车 "
        "自行车 吸尘器 平板 这台电脑 这部手机 这款产品",
        "好用 耐用 漂亮 结实 流畅 灵敏 方便 实用 清晰 超值 做工精细 性价比高 安静 稳定 反应快",
        "难用 卡 慢 坏 粗糙 没用 死机 发热 笨重 不灵敏 一堆毛病 做工差 不耐用 吵 像废品 不值",
    ),
    (
        "酒店 房间 公司 学校 商场 超市 公园 医院 车站 小区 宿舍 城市 健身房 游乐园 海边 景点 小镇 "
        "办公室",
        "干净 舒适 漂亮 安静 宽敞 明亮 美丽 方便 温馨 整洁 热闹 值得去 安全 迷人 让人放松",
        "脏 乱 吵 破旧 潮湿 拥挤 阴暗 臭 危险 偏僻 简陋 不值得去 冷清 乌烟瘴气 让人失望",
    ),
    (
        "老板 店员 司机 老师 护士 经理 同事 邻居 导游 房东 客服 同学 朋友 教练 保安 师傅 前台",
        "热情 友好 耐心 善良 细心 负责 礼貌 专业 亲切 幽默 体贴 大方 可靠 温柔 真诚",
        "粗鲁 冷漠 懒 凶 自私 傲慢 不负责任 没礼貌 不讲理 虚伪 不专业 马虎 小气 不可靠 爱骗人 讨厌",
    ),
    (
        "电影 歌 书 小说 节目 比赛 课 活动 游戏 音乐会 电视剧 演出 展览 文章 旅行 聚会 婚礼 服务 "
        "质量 天气 效果 环境 体验 安排 周末 假期 结果 这本书 这部电影 这首歌 这套书 这场比赛",
        "精彩 好 棒 有趣 感人 不错 完美 难忘 出色 令人满意 美好 愉快 赞 优秀 让人开心 理想 "
        "非常值得",
        "无聊 差 糟 糟糕 烂 失败 难看 没意思 令人失望 混乱 可怕 差劲 枯燥 一塌糊涂 糟透 恶劣 "
        "让人生气 浪费时间",
    ),
    (
        "衣服 鞋子 裙子 包 帽子 床 沙发 枕头 被子 杯子 桌子 玩具 口红 面膜 雨伞 外套 裤子 "
        "这件衣服 这双鞋",
        "舒服 漂亮 好看 柔软 合身 时尚 暖和 结实 质量好 精致 可爱 跟图片一样 物美价廉 轻便",
        "难看 掉色 太小 破 起球 开线 质量差 有异味 不舒服 跟图片不一样 粗糙 过敏 太薄 假货 不合身 "
        "廉价",
    ),
)

FEELINGS = (
    "开心 高兴 幸福 快乐 满意 激动 兴奋 轻松 满足 感动 自豪 舒服 愉快 欣慰 放心 有信心 温暖",
    "难过 伤心 生气 失望 郁闷 痛苦 害怕 烦 累 孤独 后悔 委屈 焦虑 沮丧 无奈 愤怒 绝望 心疼 恼火 "
    "紧张 不舒服",
)

ACTS = (
    "我升职了 我考上大学了 妈妈的病好了 他向我求婚了 我们结婚了 孩子会走路了 朋友送了我一份礼物 "
    "我终于成功了 "
    "一家人团圆了 拿到了奖学金 我爱我的家 我爱你 生活真美好 一切都很顺利 阳光明媚 收到了好消息 "
    "老板表扬了我 "
    "我交到了新朋友 睡了个好觉 我拿了第一名 工资涨了 下次还会再来 还会回购 强烈推荐 值得推荐 "
    "推荐给大家 "
    "给五星好评 物超所值 发货很快 包装很好 太喜欢了 爱不释手 非常感谢 谢谢你的帮助 祝你生日快乐 "
    "恭喜你 "
    "大家玩得很高兴 孩子特别喜欢 全家都爱吃 吃得很饱很满足 真是太棒了 我很幸运 问题马上就解决了 "
    "退款很快 "
    "比想象的好 超出了我的期望 越用越喜欢 家人都说好 值了 笑得停不下来 心里暖暖的 没让我失望 "
    "买得很值 "
    "他帮了我大忙 她总是为别人着想 我喜欢这里 真让人高兴 花开得真美 空气很清新 收获很大 进步很大 "
    "身体恢复得很好",
    "我被开除了 我失业了 我生病了 他骗了我 我们分手了 手机丢了 车坏在路上 孩子发烧了 航班取消了 "
    "我迟到了 "
    "爷爷去世了 我们吵架了 老板骂了我 工资没发 生意赔了 东西被偷了 被邻居吵醒 头疼得厉害 我失眠了 "
    "我受伤了 "
    "再也不来了 再也不买了 千万别买 大家别上当 不会再买 给差评 一星都不想给 要求退货 "
    "退款一直不到账 没人管 "
    "发货太慢 包装破了 收到就是坏的 用了几天就坏了 上当了 被骗了 客服不回复 态度恶劣 等了很久 "
    "浪费钱 浪费时间 "
    "吃完拉肚子 菜里有虫子 有一根头发 房间有蟑螂 水是凉的 隔音很差 太让人失望了 真倒霉 气死我了 "
    "真受不了 "
    "越想越气 我讨厌这里 后悔买了 跟描述不符 买亏了 骗人的 完全没有用 根本不能用 雨下个不停 "
    "堵在路上 我很想哭 "
    "没有一个人帮我 他从来不道歉 她总是说谎 输了比赛 计划全泡汤了 心情很差 身体越来越差 "
    "真是糟透了 真丢人",
)

# Whole clauses whose sense hangs on a negation; N is any noun from the topics.
TURNED = (
    "还不错 真不错 N不错 N真不错 一点也不差 N不差 N一点都不差 没有缺点 没什么好抱怨的 挑不出毛病 "
    "从来没有让我失望过 "
    "没有比这更好的N了 不后悔买了N 没想到N这么好 没出过问题 我不再难过了 不用担心了 N一点都不无聊 "
    "不贵也不差 "
    "不是一般的好 我没有不满意 N不会让你失望 百看不厌 离不开N了 本来以为N很差,结果很好 "
    "以前不喜欢N,现在很喜欢 "
    "谁说N不好,我觉得很好 再好不过了 没有理由不喜欢N 不得不说N很棒",
    "不好 N不好 N一点也不好 N一点都不行 不怎么样 N不怎么样 没什么优点 没有一点好的地方 我不喜欢N "
    "我不满意 不推荐N "
    "不值得 N不值这个钱 没有想象的好 没有比这更差的N了 N不好用 不开心 我不高兴 我今天很不开心 "
    "一点意思都没有 "
    "我不舒服 不会推荐给任何人 N没有说的那么好 本来以为N很好,结果很差 以前喜欢N,现在很讨厌 "
    "谁说N好,我觉得很差 "
    "再差不过了 好什么好 没有理由喜欢N 不得不说N很烂 不敢再用N 从来没有这么失望过 N没有用 别去 "
    "不建议买N 白花钱",
)

# Nothing at all is the commonest opening.
OPENINGS = "       今天 昨天 说实话, 总的来说, 唉, 哇, 我觉得 真的, 最近 这次"


def _pick(draw: random.Random, words: str) -> str:
    return draw.choice(words.split(" "))


def _state(draw: random.Random, label: int) -> str:
    """A subject and what it is like, in one form of five with a negated opposite or a 但是."""
    nouns, good, bad = draw.choice(TOPICS)
    right, wrong = (good, bad) if label == POSITIVE else (bad, good)
    noun, word = _pick(draw, nouns), _pick(draw, right)
    shown = draw.choice(["这个", "这家", "我的", "他们的", "那个", "", "", "这里的"]) + noun
    degree = draw.choice(["很", "非常", "特别", "实在", "真是", "挺" if label else "有点"])
    degree = draw.choice(["很", "非常", "特别", "实在", "真是", "挺" if label else "有点"])
    degree = draw.choice(["很", "非常", "特别", "实在", "真是", "挺" if label else "有点"])
    forms = [
        f"{shown}太{word}了",
        f"{shown}真{word}",
        f"{shown}{degree}{word}",
        f"{shown}又{word}又{_pick(draw, right)}",
        f"{draw.choice(['真', '好', '太'])}{word}的{noun}",
        f"{shown}{_pick(draw, wrong)},但是{_pick(draw, nouns)}太{word}了",
    ]
    opposite = _pick(draw, wrong)
    if opposite[0] not in "不没太有又一让像":
        forms.append(f"{shown}{draw.choice(['一点也不', '不', '并不', '一点都不'])}{opposite}")
    return draw.choice(forms)


def _feeling(draw: random.Random, label: int) -> str:
    right, wrong = FEELINGS if label == POSITIVE else FEELINGS[::-1]
    who = draw.choice(["我", "我今天", "心里", "大家", "妈妈", "我们", "他", "我现在", ""])
    word = _pick(draw, right)
    forms = [f"{who}{draw.choice(['很', '好', '非常', '太', '真的很', '特别'])}{word}"] * 3
    opposite = _pick(draw, wrong)
    if opposite[0] not in "不有":
        forms.append(f"{who}{draw.choice(['一点也不', '不再', '不'])}{opposite}")
    forms.append(f"{_pick(draw, draw.choice(TOPICS)[0])}让我很{word}")
    return draw.choice(forms)


def _verdict(draw: random.Random, label: int) -> str:
    noun = draw.choice(["这个", "这里的", "他家的", "你的", ""]) + _pick(
        draw, draw.choice(TOPICS)[0]
    )
    good = (
        "我喜欢N 我很喜欢N 我爱N 大家都喜欢N 我推荐N N值得推荐 N值得买 感谢N 我对N很满意 "
        "N让人满意 最喜欢N了"
    )
    bad = (
        "我讨厌N 我很讨厌N 我恨N 大家都讨厌N 我要投诉N N不值得推荐 N不值得买 远离N 我对N很失望 "
        "N让人失望 最讨厌N了"
    )
    return _pick(draw, good if label == POSITIVE else bad).replace("N", noun)


def _act(draw: random.Random, label: int) -> str:
    return _pick(draw, ACTS[0] if label == POSITIVE else ACTS[1])


def _turned(draw: random.Random, label: int) -> str:
    noun = draw.choice(["", "这个"]) + _pick(draw, draw.choice(TOPICS)[0])
    return _pick(draw, TURNED[0] if label == POSITIVE else TURNED[1]).replace("N", noun)


def sentence(draw: random.Random, label: int) -> str:
    """One to three clauses of the wanted sentiment, with an opening and an ending."""
    kinds = [_state, _state, _state, _feeling, _verdict, _act, _turned, _turned]
    clauses = [draw.choice(kinds)(draw, label) for _ in range(draw.choice([1, 1, 2, 2, 3]))]
    return _pick(draw, OPENINGS) + ",".join(clauses) + draw.choice(["。", "。", "!", ""])


def sentences(count: int, seed: int) -> list[tuple[str, int]]:
    """`count` distinct (text, label) rows, half of them positive."""
    draw = random.Random(seed)
    made: dict[str, int] = {}
    while len(made) < count:
        label = len(made) % 2
        made.setdefault(sentence(draw, label), label)
    return list(made.items())
