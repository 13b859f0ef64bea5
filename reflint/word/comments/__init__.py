"""Word comments: findings written beside the places they are about, into a copy of the manuscript."""
