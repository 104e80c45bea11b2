"""How zero-shot-zh is asked, by its row of models.yaml too: a sentence with a gap for the label."""

CHINESE = "这个例子是关于{}的。"
