"""The index: what is looked up in journals and reviews, without reading all of them again.

It is made from the files and from nothing else, so it can be deleted at any time; it is brought up to date by
comparing files. Nobody imports this package until it is needed: SQLAlchemy takes longer to start than most commands
take to run.

    store      the database, and what can go wrong with it: `Index`, `IndexTrouble`
    schema migrations   its tables, and how an older one becomes today's
    scanning   which files there are, and which have changed
    walking    journals walked through without a `Session` for every moment
    filling    a journal and its reviews -> rows: pure
    updating reading    files -> rows -> tables; several processes read
    cases      what is known of a case: its range, its words
    summing    small tables of counts, kept in step
    inbox      what needs eyes first
    views      who is where, and what cases show
"""
