"""What happened reaches whoever listens, and time passes.

`deliver` takes due jobs (deliveries of events, operations put off) and runs each in a transaction of its own, at least
once, applied at most once; what keeps failing is given up, seen and replayed by way of `dead`. `timers` runs what
is scheduled, in windows with a watermark, so that downtime loses nothing and nothing runs twice; by night `trimming`
takes out of the logs what has been kept long enough.
"""
