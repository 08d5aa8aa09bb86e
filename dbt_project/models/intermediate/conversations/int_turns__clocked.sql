{{ clocked_spans(ref('int_turns'), ['turn_no']) }}
