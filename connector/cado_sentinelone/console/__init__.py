"""What a person sees on the terminal: tables, progress, completion."""
