{{ kpi_twin('fct_team_moves', 'zh', kinds={'from_team_name': 'team', 'to_team_name': 'team'}) }}
