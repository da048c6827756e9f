"""The language of expressions as data, for the generated reference."""

from __future__ import annotations

GRAMMAR = """\
expression  = conjunction , { "or" , conjunction } ;
conjunction = negation , { "and" , negation } ;
negation    = { "not" } , comparison ;
comparison  = sum , [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in" ) , sum ] ;
sum         = product , { ( "+" | "-" ) , product } ;
product     = signed , { ( "*" | "/" ) , signed } ;
signed      = { "-" } , single ;
single      = literal | list | name | call | code | code test | quantified
            | "(" , expression , ")" ;
literal     = number , [ unit ] | text | "true" | "false" | "null" | "today" ;
unit        = currency (EUR) | span (days, hours, minutes …) | word (kg) ;
list        = "[" , [ expression , { "," , expression } ] , "]" ;
name        = word , { "." , word } ;  a word of other signs stands between backquotes
call        = function , "(" , [ expression , { "," , expression } ] , ")" ;
code        = "code" , "(" , ( "declaration" | "qualification" | "action" ) , ")" ;
code test   = ( "declaration" | "qualification" | "action" ) , "within" , text ;
quantified  = ( "any" | "all" ) , "(" , word , "in" , sum , ":" , expression , ")" ;
"""
"""The grammar, in extended Backus-Naur form."""

MISSING_TABLE: tuple[tuple[str, str], ...] = (
    ("not m", "missing"),
    ("m and true", "missing"),
    ("m and false", "false"),
    ("m and m", "missing"),
    ("m or true", "true"),
    ("m or false", "missing"),
    ("m or m", "missing"),
    ("m == 1", "missing"),
    ("m != 1", "missing"),
    ("m == m", "missing"),
    ("m < 1", "missing"),
    ("m + 1", "missing"),
    ("-m", "missing"),
    ("1 / 0", "missing"),
    ("5 EUR < 5 USD", "missing"),
    ('m in ["a"]', "missing"),
    ('m not in ["a"]', "missing"),
    ('"a" in m', "missing"),
    ('"a" in ["a", m]', "true"),
    ('"b" in ["a", m]', "missing"),
    ("any(x in m: x == 1)", "missing"),
    ("any(x in [1, m]: x == 1)", "true"),
    ("any(x in [2, m]: x == 1)", "missing"),
    ("all(x in [2, m]: x == 1)", "false"),
    ("all(x in [1, m]: x == 1)", "missing"),
    ("any(x in []: x == 1)", "false"),
    ("all(x in []: x == 1)", "true"),
    ("days_since(m)", "missing"),
    ("known(m)", "false"),
    ("not known(m)", "true"),
    ("default(m, 1) == 1", "true"),
    ('declaration within "livraison"', "false"),
    ('code(declaration) == "not_reached"', "true"),
)
"""What expressions give when `m` is missing and no code is taken; a rule fires on true only."""
