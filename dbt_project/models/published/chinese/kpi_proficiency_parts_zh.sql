{{ kpi_twin('kpi_proficiency_parts', 'zh', kinds={'part': 'proficiency_part'}) }}
