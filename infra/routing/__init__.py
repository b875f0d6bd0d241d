"""Rules of dispatch tried on past cases, and a model that learns from what people decided."""
