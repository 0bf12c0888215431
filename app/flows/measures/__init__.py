"""What a task is measured on and how: one module a task, named like its folder under adapters/."""
