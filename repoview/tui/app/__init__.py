"""The app: which visit and which view is shown, from the first frame to the end."""
