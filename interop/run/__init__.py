"""Planning and carrying out a run: make, observe, link, judge, write. Also `check`, over other people's files."""
