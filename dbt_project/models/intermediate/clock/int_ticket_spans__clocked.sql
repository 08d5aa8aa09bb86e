{{ clocked_spans(ref('int_ticket_spans'), ['span_type', 'span_no']) }}
