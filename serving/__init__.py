"""How people use it: the shortlist over HTTP and as a printed table."""
