"""What pm4py makes of our exports, in an environment of its own."""
