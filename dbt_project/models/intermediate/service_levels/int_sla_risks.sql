{{ reached_instants(ref('int_sla_risks__begun')) }}
