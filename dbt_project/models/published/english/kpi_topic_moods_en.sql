{{ kpi_twin('kpi_topic_moods', 'en', kinds={'mood': 'mood'}) }}
