"""The commands that `caseload` knows, a module for each desk.

play       the app, and playing line by line
author     check, schema
sessions   sessions, report, verify
review     review
progress   progress, compare
console    what they all need; who and found: which person, which session is meant
"""
