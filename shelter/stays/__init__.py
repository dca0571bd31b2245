"""Places, beds and stays: who sleeps where and when, so that two people never get one bed and every night counts.

A row of days is plain, because the database itself refuses an overlap in a real bed; words about a person are sealed.
"""
