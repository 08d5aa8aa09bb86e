"""What a warehouse must find, folded from the centre's history and never from the export."""
