"""What other programs offer by their OpenAPI documents."""
