"""The topics of the findings: which records belong to each, and which its page lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOPICS = {
    "prosecution": "Prosecution",
    "penalties-and-laws": "Penalties and laws",
    "victims": "Victims",
    "returns": "Returns",
    "labor-inspection": "Labor inspection and child labor",
    "training-and-money": "Training and money",
    "programs-and-plans": "Programs and plans",
    "tiers": "Tiers",
}
_OF_TABLE = {
    "enforcement_stats": "prosecution",
    "sentences": "prosecution",
    "operations": "prosecution",
    "penalties": "penalties-and-laws",
    "statutes": "penalties-and-laws",
    "provisions": "penalties-and-laws",
    "victim_stats": "victims",
    "victim_locations": "victims",
    "routes": "victims",
    "estimates": "victims",
    "repatriations": "returns",
    "migration_stats": "returns",
    "training_counts": "training-and-money",
    "budgets": "training-and-money",
    "tier_placements": "tiers",
}
_OF_SUBJECT = {
    "labour_inspection": "labor-inspection",
    "worst_forms_of_child_labour": "labor-inspection",
    "victim_protection": "victims",
    "trafficking": "victims",
    "legislation": "penalties-and-laws",
    "police": "prosecution",
    "courts": "prosecution",
    "corruption": "prosecution",
    "offenders": "prosecution",
    "data": "prosecution",
}
_LABOR = re.compile(
    "child_labor|child_workers|child_domestic|wfcl|inspect|factor|brick|plantation|warnings|"
    "establishments_(?:fined|sued)|firms|workers|overtime|debt|loan"
)
"""Indicators of labor law enforcement, which shares tables with that against trafficking."""
LISTED = {
    "prosecution": ("enforcement_stats", "sentences"),
    "penalties-and-laws": ("penalties", "statutes"),
    "victims": ("victim_stats", "victim_locations", "estimates"),
    "returns": ("repatriations", "migration_stats"),
    "labor-inspection": ("enforcement_stats", "capacity_stats", "estimates"),
    "training-and-money": ("training_counts", "budgets"),
    "programs-and-plans": ("action_plans", "agreements", "programmes", "capacity_stats"),
    "tiers": ("tier_placements",),
}
"""Tables whose records the page of a topic lists; the explorer selects the same."""


def topic_of(table: str, row: Mapping[str, Any]) -> str:
    """The topic that a row of a table belongs to."""
    if table == "capacity_stats":
        is_labor = re.search("inspect|child_labor|staff", row["indicator"])
        return "labor-inspection" if is_labor else "programs-and-plans"
    if table == "assessments":
        return _OF_SUBJECT.get(row["subject_matter"], "programs-and-plans")
    if table in ("enforcement_stats", "estimates") and _LABOR.search(row["indicator"]):
        return "labor-inspection"
    return _OF_TABLE.get(table, "programs-and-plans")


def listed_in(table: str, row: Mapping[str, Any]) -> list[str]:
    """The finding whose page lists a row, if there is one."""
    topic = topic_of(table, row)
    return [topic] if table in LISTED[topic] else []
