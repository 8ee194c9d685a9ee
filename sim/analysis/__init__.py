"""From finished worlds and the record to numbers: outcomes compared, parameters fitted, forecasts scored."""
