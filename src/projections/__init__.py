"""Pure folds from records to answers, one file a question. An answer is plain JSON: times are RFC 3339 text."""
