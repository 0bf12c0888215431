"""The six verbs, one file each: plain generators of frozen, typed steps."""
