{{ reached_instants(ref('int_sla_targets__decided')) }}
