"""The commands that `caseload` knows, a module for each desk.

play       the app, and playing line by line
at_random  a case played many times by chance
author     check, schema
explain    explain: what a code means
solve      solve: what a case makes possible
indicators indicators: what cases are marked on
preview    preview: a case while it is written
sessions   sessions, report, verify
review     review
progress   progress, compare
forget     forget, retention
console    what they all need; who and found: which person, which session is meant; output: which file
"""
