"""Names of the tables, so that an editor can complete them; a test keeps them in step."""

from typing import Literal

TableName = Literal[
    "areas",
    "caveats",
    "enforcement_stats",
    "ids",
    "indicators",
    "offences",
    "operations",
    "organization_members",
    "organizations",
    "passages",
    "penalties",
    "populations",
    "repatriations",
    "row_caveats",
    "sources",
    "statutes",
    "training_counts",
    "units",
]
