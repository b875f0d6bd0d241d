"""What people are shown of a case, in their language."""
