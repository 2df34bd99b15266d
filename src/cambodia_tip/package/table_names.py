"""Names of the tables, so that an editor can complete them; a test keeps them in step."""

from typing import Literal

TableName = Literal[
    "action_plans", "agreement_parties", "agreements", "areas", "assessments", "budgets",
    "capacity_stats", "caveats", "code_words", "conflicts", "corrections", "enforcement_stats",
    "estimates", "events", "ids", "indicator_uses", "indicators", "migration_stats", "offences",
    "operations", "organization_members", "organizations", "passages", "penalties",
    "populations", "programme_organizations", "programme_places", "programmes", "provisions",
    "recommendations", "repatriations", "restatements", "routes", "row_caveats", "row_links",
    "row_organizations", "sentences", "sources", "statutes", "tier_placements",
    "training_counts", "units", "unused_numerals", "victim_locations", "victim_stats",
]  # fmt: skip
