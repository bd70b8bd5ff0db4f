"""The data contract as a page to read: `python -m features.contract_page > docs/contract.md`."""

from features.contract import EMBEDDING_TABLES, TABLES, Column, Table

HEAD = """# The data contract

Written by `python -m features.contract_page`. A source is a folder of CSV, Parquet or XLSX files
named after these tables, or a database with them. `brands` and `creators` must be there, with
either (`products`, `sessions`, `session_products`) or `collaborations`; everything else is
optional, and what is missing is said. A column marked * must be there and filled; the key of a
table is **bold**.

Ids are text. Times are ISO 8601 with an offset (or the mapping names a zone). Money is in major
units of one currency. A rate is a share between 0 and 1. Columns that are not named here are left
out with a notice.
"""

OPEN = {
    "audience_": "`audience_<group>`: part of the creator's audience, groups are yours to name; "
    "`audience_bought_<brand_id>`: the part of it that buys that brand, from whomever",
    "buyer_": "`buyer_<group>`: part of the brand's buyers, compared where the groups are the same",
}


def page() -> str:
    """Every table with its columns, in Markdown."""
    parts = [HEAD, *(_table(table) for table in TABLES.values()), _embeddings()]
    return "\n".join(parts)


def _table(table: Table) -> str:
    rows = [f"| {_name(column, table)} | {column.expected} |" for column in table.columns]
    rows += [f"| {OPEN[prefix]} | a share |" for prefix in table.open_prefixes]
    return "\n".join([f"## {table.name}", "", "| column | what |", "|---|---|", *rows, ""])


def _name(column: Column, table: Table) -> str:
    name = f"**{column.name}**" if column.name in table.key else column.name
    return f"{name}{'*' if column.required else ''}"


def _embeddings() -> str:
    names = " and ".join(f"`{family}.<set>`" for family in EMBEDDING_TABLES)
    return (
        f"## Given vectors\n\n{names}: **id***, then e0, e1, ...: vectors made elsewhere (of "
        "texts, images, hashtags).\nA set given on both sides is compared; on one side it still "
        "tells who resembles whom.\n"
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
