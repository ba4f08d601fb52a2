"""What goes for good: a person's words and name, or sessions that are old enough.

belongings               where everything of somebody lies
forgetting retention     erasing a person; deleting by age
"""
