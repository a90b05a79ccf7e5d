"""Parts of the frame of a screen: footer, status line, tabs, source picker."""
