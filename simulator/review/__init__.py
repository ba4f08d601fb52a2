"""What supervisors say about sessions, as events of their own journals; what becomes of results; how it is told.

events reading writing   a review: what is in one, reading it, adding to it
judged reviewed          what can be judged in a session; its result with that
note_hints judging_words hints about what somebody wrote, and nothing but hints
redaction                texts that are taken out for good
telling                  the same in words
"""
