"""Several processes of which one acts."""
