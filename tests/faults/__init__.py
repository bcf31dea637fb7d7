"""The fault harness: a whole house is broken again and again while people work in it (docs/testing.md).

schedule   which faults, in which order, after which pauses: made of a seed, so that a run can be replayed
strike     how each kind of fault is done to a running house; `cut` cuts connections at COMMIT
client     programs and a browser that repeat a request under its key until it is acknowledged or refused
crew       what the people do: build, sign, release, confirm, record, reverse, over and over; the `contract`
           they do it on, and the `marks` by which an answer and its entry are matched
judge      what must hold afterwards: nothing lost, nothing doubled, every obligation done once
recovery   how long the house took to be back after each kind of fault

    python -m tests.faults --faults 200 --seed 1
"""
