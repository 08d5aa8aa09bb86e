"""Written reports: chapters made from published KPI cells, typeset as PDF and HTML, and sent.

What belongs here: what a report says, how it looks, who gets it. What does not: any formula of a
KPI; each figure is a published cell, or a difference, share or count of such cells that says which.
"""
