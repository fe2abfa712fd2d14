"""Laws of shocks: expectations, lemmas on their functions, closed forms of named laws."""
