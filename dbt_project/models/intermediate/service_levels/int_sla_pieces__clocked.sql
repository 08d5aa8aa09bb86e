{{ clocked_spans(ref('int_sla_pieces'), ['metric', 'instance_no', 'piece_no']) }}
