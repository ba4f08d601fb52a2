"""What good work is: the rubric, and how marks become a scorecard."""
