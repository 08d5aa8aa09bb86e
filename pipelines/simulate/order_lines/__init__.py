"""The English shop's orders as a sheet of lines."""
