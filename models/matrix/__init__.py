"""The Alliance matrix: brand x creator, its columns, files, manifest and products' offers."""
