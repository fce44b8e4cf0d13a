"""What came of the forecasts: settled against closes, and the figures that follow."""
