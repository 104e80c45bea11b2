"""Chinese sentences that hold several kinds at once: who, where, when, and how to be reached.

An opening, up to four clauses and an end are drawn anew for each row, so that a kind is told by the
words around it and by its form, not by its place in a sentence.
"""

import re

from training.recipes.chinese_names import ChineseNames
from training.recipes.tagging import Row

OPENINGS = """
请{TIME}给{PER}打电话
请在{TIME}找{PER}
请于{DATE}前联系{PER}
请和{PER}联系
请联系{ORG}的{PER}
联系人{PER}
联系人：{PER}
{PER}住在{ADDRESS}
{PER}家在{ADDRESS}
我们公司在{ADDRESS}
{ORG}在{ADDRESS}
{ORG}的地址是{ADDRESS}
{ORG}，{ADDRESS}
{PER}，{ORG}，{PHONE}
{PER}在{ORG}上班
{PER}{TIME}到{LOC}
{PER}从{LOC}来
{DATE}{PER}去{LOC}出差
{TIME}在{LOC}和{PER}吃饭
{TIME}的飞机去{LOC}
我{TIME}在{ADDRESS}等你
我和{PER}约好{TIME}见
讲座{TIME}开始
考试时间是{TIME}
时间：{TIME}
日期：{DATE}
电话：{PHONE}
手机{PHONE}
邮箱：{EMAIL}
地址：{ADDRESS}
姓名：{PER}
收货地址{ADDRESS}
货送到{ADDRESS}
书寄到{ADDRESS}
有问题发邮件到{EMAIL}
把照片发到{EMAIL}
拨打{PHONE}
打{PHONE}找{PER}
客服热线{PHONE}
您好，我是{ORG}的{PER}
{PER}你好，你的包裹{DATE}到
{PER}老师{DATE}不在
他的电子邮箱是{EMAIL}
她的手机号是{PHONE}
我的新地址是{ADDRESS}
门店搬到了{ADDRESS}
{PER}和{PER}{DATE}在{LOC}结婚
""".strip().splitlines()
CLAUSES = """
，电话{PHONE}
，电话：{PHONE}
，电话是{PHONE}
，手机{PHONE}
，打电话{PHONE}
（{PHONE}）
，联系电话{PHONE}
；手机号：{PHONE}
，邮箱{EMAIL}
，邮箱：{EMAIL}
，邮箱是{EMAIL}
，邮件{EMAIL}
，电子信箱为{EMAIL}
，或者写信到{EMAIL}
（{EMAIL}）
，地址{ADDRESS}
，地址：{ADDRESS}
，地址是{ADDRESS}
，住址：{ADDRESS}
，寄往{ADDRESS}
，到{ADDRESS}来拿
，在{ADDRESS}
，时间{TIME}
，时间是{TIME}
，{TIME}到
，{TIME}之前
，{TIME}在门口见
，从{TIME}到{TIME}
，{DATE}出发
，{DATE}截止
，{DATE}再说
，联系{PER}
，找{PER}
，收件人{PER}
，还有{PER}
，由{PER}负责
，叫{PER}
，去{LOC}
，先到{LOC}
，人在{LOC}
，单位{ORG}
，在{ORG}工作
，是{ORG}的
，别忘了带身份证
，谢谢
，不用着急
，我们都很高兴
，下雨就改期
""".strip().splitlines()
ENDS = ("。", "。", "。", "。", "！", "？", "", "，谢谢！", "，请准时。", "就行。", "吧。")  # noqa: RUF001
MOST_CLAUSES = 4
SLOT = re.compile(r"\{(\w+)\}")


def mixed(names: ChineseNames) -> Row:
    """One sentence with one to a dozen names."""
    draw = names.random
    parts = [draw.choice(OPENINGS)]
    parts += draw.sample(CLAUSES, draw.randint(0, MOST_CLAUSES))
    parts.append(draw.choice(ENDS))
    template = "".join(parts)
    if draw.random() < 0.1:  # the marks of a Western keyboard, or none
        template = template.translate(str.maketrans("，；：（）", draw.choice((",;:()", "     "))))  # noqa: RUF001
    return filled(template, names)


def filled(template: str, names: ChineseNames) -> Row:
    """The template with each {LABEL} replaced by a new name."""
    text, spans, last = "", [], 0
    for slot in SLOT.finditer(template):
        text += template[last : slot.start()]
        word = names.make(slot[1])
        spans.append((len(text), len(text) + len(word), slot[1]))
        text += word
        last = slot.end()
    return text + template[last:], spans
