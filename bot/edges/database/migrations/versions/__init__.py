"""One file for each change of the tables, named by what it brought."""
