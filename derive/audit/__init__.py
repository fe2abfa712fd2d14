"""Claims and printed results judged against what was derived, and what nobody asked."""
