"""Pure folds from records to answers, one file a question. An answer is plain JSON, times as text."""
