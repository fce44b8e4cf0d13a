"""How the tables came to be what they are: one file of `versions/` for each change.

Migrations write the tables down once more, as they were at the time; they never import
`bot.edges.database.tables`, which goes on changing.
"""
