"""What really happened, lived: a record imposed on the model, its likelihood, and forecasts from any day of it."""
