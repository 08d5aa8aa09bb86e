"""Small errors in the SQL of a model, one at a time.

What belongs here: how a statement is changed. Whether anybody notices belongs to `trial`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from sqlglot import exp, parse_one

DIALECT = "duckdb"
Change = Callable[[exp.Expression], exp.Expression | None]

FLIPPED: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}
SWAPPED: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Sum: exp.Max,
    exp.Max: exp.Min,
    exp.Min: exp.Max,
    exp.Avg: exp.Max,
    exp.Count: exp.Max,
    exp.LogicalOr: exp.LogicalAnd,
    exp.LogicalAnd: exp.LogicalOr,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
    exp.And: exp.Or,
    exp.Or: exp.And,
}
LITERALS = (exp.Literal, exp.Boolean)
HASHES = (exp.MD5, exp.MD5Digest, exp.SHA, exp.SHA2)


@dataclass(frozen=True)
class Site:
    """Where a model's statement can be changed: the node's place in the tree, and which change."""

    model: str
    kind: str
    place: int
    choice: int


@dataclass(frozen=True)
class Mutant:
    """A model's statement with one change, and the piece of it that was changed."""

    site: Site
    before: str
    after: str
    sql: str


def round_trip(sql: str) -> str:
    """The statement as it is written after parsing, unchanged in meaning."""
    return parse_one(sql, dialect=DIALECT).sql(DIALECT)


def sites(model: str, sql: str) -> list[Site]:
    """Every place where a statement can be changed, in the order of its nodes."""
    tree = parse_one(sql, dialect=DIALECT)
    return [
        Site(model, kind, place, choice)
        for place, node in enumerate(tree.walk())
        for choice, (kind, _) in enumerate(_changes(node))
    ]


def planted(site: Site, sql: str) -> Mutant:
    """The statement of the site's model with the change made."""
    tree = parse_one(sql, dialect=DIALECT)
    node = next(found for at, found in enumerate(tree.walk()) if at == site.place)
    before = node.sql(DIALECT)
    _, change = list(_changes(node))[site.choice]
    replacement = change(node.copy())
    if replacement is None:
        node.parent.set(node.arg_key, None)
        after = ""
    else:
        node.replace(replacement)
        after = replacement.sql(DIALECT)
    return Mutant(site, before, after, tree.sql(DIALECT))


def sample(by_model: dict[str, list[Site]], number: int, seed: int) -> list[Site]:
    """So many sites, of all models in turn, so that large statements don't crowd out small."""
    chance = random.Random(seed)
    piles = [chance.sample(found, len(found)) for _, found in sorted(by_model.items())]
    chance.shuffle(piles)
    rounds = zip_longest(*piles)
    return [site for turn in rounds for site in turn if site is not None][:number]


def _changes(node: exp.Expression) -> Iterator[tuple[str, Change]]:
    if node.find_ancestor(*HASHES):
        return
    if type(node) in FLIPPED and not _joins_keys(node):
        yield "flip comparison", lambda found: FLIPPED[type(found)](**found.args)
    if type(node) in SWAPPED and _may_swap(node):
        yield _swap_name(node), _swapped
    if isinstance(node, exp.Is):
        yield "flip null", lambda found: exp.Not(this=exp.Paren(this=found))
    if isinstance(node, exp.Coalesce) and isinstance(node.expressions[-1], LITERALS):
        yield "change default", _other_default
    yield from _predicates(node)
    yield from _branches(node)


def _predicates(node: exp.Expression) -> Iterator[tuple[str, Change]]:
    """Each predicate of a conjunction once: the left side of a longer one is a conjunction too."""
    if isinstance(node, exp.And):
        if not isinstance(node.left, exp.And):
            yield "drop predicate", lambda found: found.right
        yield "drop predicate", lambda found: found.left
    if isinstance(node, exp.Filter) and not isinstance(node.expression.this, exp.And):
        yield "drop predicate", lambda found: found.this
    is_clause = isinstance(node, exp.Where) and not isinstance(node.parent, exp.Filter)
    if is_clause and not isinstance(node.this, exp.And):
        yield "drop predicate", lambda _: None


def _branches(node: exp.Expression) -> Iterator[tuple[str, Change]]:
    if not isinstance(node, exp.Case):
        return
    default = node.args.get("default")
    if len(node.args["ifs"]) > 1 or default:
        for number in range(len(node.args["ifs"])):
            yield "drop branch", _without_branch(number)
    # A sum passes over what is NULL, so that "else 0" in it says nothing.
    adds_nothing = isinstance(node.parent, exp.Sum) and default == exp.Literal.number(0)
    if default and not isinstance(default, exp.Null) and not adds_nothing:
        yield "drop else", _without_default


def _joins_keys(node: exp.Expression) -> bool:
    """Two columns that a join compares: unequal instead of equal is no error that one makes."""
    columns = isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Column)
    join = node.find_ancestor(exp.Join, exp.Subquery, exp.Select)
    return isinstance(node, exp.EQ) and columns and isinstance(join, exp.Join)


def _may_swap(node: exp.Expression) -> bool:
    return not (isinstance(node, exp.Count) and isinstance(node.this, exp.Star))


def _swap_name(node: exp.Expression) -> str:
    if isinstance(node, exp.And | exp.Or):
        return "swap and/or"
    return "swap sign" if isinstance(node, exp.Add | exp.Sub) else "swap aggregate"


def _swapped(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        return exp.Count(this=node.this.expressions[0])
    if isinstance(node, exp.Count):
        return exp.Count(this=exp.Star())
    if isinstance(node, exp.And | exp.Or):
        return exp.Paren(this=SWAPPED[type(node)](**node.args))
    return SWAPPED[type(node)](**node.args)


def _without_branch(number: int) -> Change:
    def change(node: exp.Expression) -> exp.Expression:
        branches = [branch for at, branch in enumerate(node.args["ifs"]) if at != number]
        if not branches:
            default: exp.Expression = node.args["default"]
            return exp.Paren(this=default)
        node.set("ifs", branches)
        return node

    return change


def _without_default(node: exp.Expression) -> exp.Expression:
    node.set("default", None)
    return node


def _other_default(node: exp.Expression) -> exp.Expression:
    last = node.expressions[-1]
    other: exp.Expression
    if isinstance(last, exp.Boolean):
        other = exp.Boolean(this=not last.this)
    elif last.is_string:
        other = exp.Literal.string("another")
    else:
        other = exp.Literal.number(int(float(last.this)) + 1)
    node.set("expressions", [*node.expressions[:-1], other])
    return node
