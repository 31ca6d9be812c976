"""What the kernel keeps, and how."""
