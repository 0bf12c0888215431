"""The only code that opens a network socket, in a short-lived process of its own."""
