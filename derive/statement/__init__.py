"""Ill-posed statements are refused here."""
