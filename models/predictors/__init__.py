"""Every predictor, learned or baseline, behind one contract (`models.prediction.Predictor`)."""
