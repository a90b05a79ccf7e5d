"""Dialogs: modal screens above a view, which ask, write or explain."""
