"""What admins teach the assistant, what it learns from, and what a new model must prove before it serves."""
