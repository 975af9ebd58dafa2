"""What any multi-tenant live application needs; knows nothing of councils."""
