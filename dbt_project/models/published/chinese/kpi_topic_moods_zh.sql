{{ kpi_twin('kpi_topic_moods', 'zh', kinds={'mood': 'mood'}) }}
