{{ clocked_spans(ref('int_assignment_spans'), ['span_type', 'span_no']) }}
