"""How the samples are made and measured: recipes, measures, cases held out from training."""
