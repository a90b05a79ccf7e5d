"""What can be done: actions in words, their keys, and what keys are called."""
