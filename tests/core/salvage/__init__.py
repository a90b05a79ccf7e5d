"""Facts about what is saved of broken sources."""
