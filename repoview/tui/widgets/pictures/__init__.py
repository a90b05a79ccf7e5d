"""Lines drawn for a width: bars, histograms, facts."""
