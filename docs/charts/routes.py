"""Between which places do the documents describe trafficking, and when?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import (
    NARROW,
    Drawing,
    Scale,
    first_of,
    legend,
    line,
    link,
    lower,
    moved,
    shape,
    spans,
    stacked,
    write_lines,
    year_labels,
    years_scale,
)

import cambodia_tip as tip

PURPOSES = {
    "sexual": ("circle", "", "Sexual exploitation"),
    "labor": ("square", "", "Forced labor, servitude or debt bondage"),
    "other": ("diamond", "", "Begging, scams, marriage or other"),
    "not_stated": ("circle", "hollow", "Purpose not stated"),
}
LABOR = ("labour", "servitude", "bondage", "labor")
FROM, TO, WITHIN = "From Cambodia to", "To Cambodia from", "Within Cambodia"
THROUGH, OTHER = "Through Cambodia", "Between other places"
NAMES = 190
MARK = 16
REGIONS = "Regions and groups of countries"


@cache
def figures() -> pd.DataFrame:
    """The routes, each in the year in which its document was published."""
    frame = tip.load("routes", labels=True)
    codes = tip.load("routes")
    published = tip.load("sources").set_index("source_id")["published"]
    for name in ("origin", "transit", "destination"):
        frame[name] = codes[f"{name}_area"].astype(object).fillna("")
        labels = frame[f"{name}_area_label"].astype(object)
        frame[f"{name}_name"] = labels.fillna("Place not named")
    placed = [placed_in(row) for row in frame.to_dict("records")]
    frame["group"], frame["place"] = [pair[0] for pair in placed], [pair[1] for pair in placed]
    frame["purpose"] = [purpose(code) for code in codes["exploitation"].astype(object)]
    frame["year"] = [int(published[source][:4]) for source in frame["source_id"]]
    frame["period"] = "described in " + frame["year"].astype(str)
    frame["printed"] = frame["exploitation_label"].astype(object)
    frame["name"] = (
        frame["origin_name"] + " to " + frame["destination_name"] + ", " + frame["printed"]
    ) + frame["year"].map(", document of {}".format)
    return frame.sort_values(["year", "source_id", "id"], ignore_index=True)


def placed_in(row: dict) -> tuple[str, str]:
    """The group of rows that a route belongs to, and its row there."""
    starts, passes, ends = (
        row[name].startswith("KH") for name in ("origin", "transit", "destination")
    )
    if starts and ends:
        return WITHIN, WITHIN
    if starts:
        return FROM, row["destination_name"]
    if ends:
        return TO, row["origin_name"]
    if passes:
        return THROUGH, THROUGH
    return OTHER, f"{row['origin_name']} to {row['destination_name']}"


def purpose(code: str) -> str:
    """One of four groups of purposes."""
    if code == "not_stated":
        return "not_stated"
    if code == "sexual_exploitation":
        return "sexual"
    return "labor" if any(word in code for word in LABOR) else "other"


def rows_of(frame: pd.DataFrame) -> pd.Series:
    """How many documents describe the routes of each row, in the order of the chart."""
    order = {name: place for place, name in enumerate((FROM, TO, WITHIN, THROUGH, OTHER))}
    documents = frame.groupby(["group", "place"])["source_id"].nunique().reset_index()
    documents["rank"] = documents["group"].map(order)
    documents["region"] = documents["place"].isin(regions())
    documents["last"] = documents["place"].str.contains("Place not named")
    documents = documents.sort_values(
        ["rank", "last", "region", "source_id", "place"], ascending=[True, True, True, False, True]
    )
    return documents.set_index(["group", "place"])["source_id"]


def regions() -> set[str]:
    """Names of areas that are not one country."""
    areas = tip.load("areas")
    return set(areas.loc[areas["kind"] == "group", "label"])


def title() -> str:
    """The claim of the chart."""
    ((group, place), *_) = rows_of(figures()).index
    return f"More documents describe trafficking {lower(group)} {place} than to any other country"


def subtitle() -> str:
    """Measure, place and period."""
    years = figures()["year"]
    return (
        "Routes described, by purpose and year of publication, Cambodia, "
        f"{years.min()} to {years.max()}"
    )


def note() -> str:
    """How to read the marks."""
    return (
        "A mark is a statement in a document, not a number of people. One mark stands for all "
        "statements of one year and purpose. A year without marks may only lack a document."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame, parts = figures(), []
    for (group, place), documents in rows_of(frame).items():
        years = spans(frame.loc[(frame["group"] == group) & (frame["place"] == place), "year"])
        name = group if group == place else f"{group}: {place}"
        noun = "document" if documents == 1 else "documents"
        parts.append(f"{name}, {documents} {noun}, {years}.")
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """A row for each other end of a route, with the years from left to right."""
    frame = figures()
    keys = [(shape(name, 0, 0, look), text) for name, look, text in PURPOSES.values()]
    wide = width > NARROW
    first, last = frame["year"].min(), frame["year"].max()
    x = years_scale(first, last, NAMES if wide else 0, width)
    years = Drawing(year_labels(first, last, x, 12), 16)
    drawn = [legend(keys, width), years]
    for group, documents in rows_of(frame).groupby(level=0, sort=False):
        of_group = frame[frame["group"] == group]
        if set(documents.index.get_level_values(1)) != {group}:
            drawn.append(write_lines(group, 0, 0, width, "bold"))
        are_regions = False
        for _, place in documents.index:
            if place in regions() and not are_regions:
                are_regions = True
                drawn.append(write_lines(REGIONS, 0, 0, width, "muted"))
            rows = of_group[of_group["place"] == place]
            drawn.append(lane(place, rows, x, (first, last), wide=wide))
    return stacked([*drawn, years], 4)


def lane(
    place: str, rows: pd.DataFrame, x: Scale, years: tuple[int, int], *, wide: bool
) -> Drawing:
    """One row: the purposes of a year lie on top of each other."""
    order = list(PURPOSES)
    marks = first_of(rows, ["year", "purpose"]).sort_values(
        "purpose", key=lambda names: names.map(order.index)
    )
    deepest = marks.groupby("year").size().max()
    look = "bold" if place in (WITHIN, THROUGH) else ""
    label = write_lines(place, 0, 0, NAMES - 8 if wide else NARROW, look)
    height = max(deepest * MARK + 8, label.height if wide else 0)
    drawn = [line(x(years[0]), height, x(years[1] + 1), height, "grid")]
    for row, level in zip(marks.itertuples(), marks.groupby("year").cumcount(), strict=True):
        name, look, _ = PURPOSES[row.purpose]
        mark = shape(name, x(row.year + 0.5), height - 8 - level * MARK, look)
        drawn.append(link(row.id, row.name, mark))
    if wide:
        return Drawing([moved(label.elements, height - label.height), *drawn], height)
    return stacked([label, Drawing(drawn, height)])
