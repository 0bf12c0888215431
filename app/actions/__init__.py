"""Deeds, one file each: a typed schema, a preview, perform and undo; the file's name is the key."""
