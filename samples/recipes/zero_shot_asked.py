"""How the zero-shot samples are asked: sentences with a gap for the label."""

CHINESE = "这个例子是关于{}的。"
