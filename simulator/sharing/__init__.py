"""How sessions and reviews come together from many machines, and what is kept so that nobody can rewrite them.

shared_folder            what lies where in it, and how it gets there
handing_in               a trainee's sessions on their way there
gathered collected       what lies there, hostile until proven; what of it is taken in
review_exchange          reviews on their way back
receipts backup          heads of journals as they were first seen; keeping what cannot be made again
tombstones               what is gone on purpose, and stays away
"""
