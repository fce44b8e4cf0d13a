"""From a typed share to its forecast, and the forecast onto the record."""
