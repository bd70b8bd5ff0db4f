"""Finding a brand by a part of its id or name."""

from models.matrix.matrix import AllianceMatrix
from serving.responses import BrandAnswer, BrandsAnswer


def matching_brands(matrix: AllianceMatrix, q: str, limit: int, offset: int) -> BrandsAnswer:
    """Brands whose id or name contains q (case ignored), in the order of their ids."""
    asked = q.casefold().strip()
    columns = (matrix.brands[name].tolist() for name in ("brand_id", "name"))
    found = [
        position
        for position, texts in enumerate(zip(*columns, strict=True))
        if any(isinstance(text, str) and asked in text.casefold() for text in texts)
    ]
    return BrandsAnswer(
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        total=len(found),
        rows=[_brand(matrix, position) for position in found[offset : offset + limit]],
    )


def _brand(matrix: AllianceMatrix, position: int) -> BrandAnswer:
    row = matrix.brands.iloc[position]
    known = {name: value if isinstance(value, str) else None for name, value in row.items()}
    candidates = int(matrix.brand_offsets[position + 1] - matrix.brand_offsets[position])
    return BrandAnswer.model_validate({**known, "candidates": candidates})
