"""The widgets of lessons: the list of them, their text, and the live repository."""
