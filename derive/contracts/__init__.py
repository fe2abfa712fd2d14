"""Contracts: menus for hidden types, payments that are seen through a utility."""
