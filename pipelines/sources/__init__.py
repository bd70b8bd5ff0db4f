"""Where facts come from: folders, databases and foreign exports."""
