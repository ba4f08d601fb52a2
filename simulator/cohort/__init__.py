"""Who is to play what until when.

cohort_file              one file, read and checked
cohort_files             where such files lie
assigned                 what is assigned to somebody, and how far they are with it
"""
