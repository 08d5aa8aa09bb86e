{{ kpi_twin('kpi_proficiency_parts', 'en', kinds={'part': 'proficiency_part'}) }}
