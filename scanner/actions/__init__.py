"""Hand-offs: files with which people adopt, remove or watch. Nothing here calls AWS."""
