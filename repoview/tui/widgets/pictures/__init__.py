"""Charts and tables drawn for a width: bars, histograms, facts."""
