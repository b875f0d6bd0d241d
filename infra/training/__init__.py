"""Training the classifier, measuring it, and labelling files with it."""
