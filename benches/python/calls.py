"""What the petsc4py twins share: the command line, and what callbacks cost by PETSc's own log.

`python3 <twin>.py <n> times [loop | arrays | numpy]` prints a line `call <event> <count> <seconds in all>` for each
event. `loop` goes point by point through what `DMDA.getVecArray` returns, as petsc4py's own demonstrations do; `arrays`
point by point through plain arrays, whose elements are reached faster; `numpy` takes whole arrays at a time. The last
two are for one rank, whose numbering is that of the grid.
"""

import sys

import petsc4py

petsc4py.init(sys.argv[:1])
from petsc4py import PETSc  # noqa: E402  (after init)


def size(default):
    return int(sys.argv[1]) if len(sys.argv) > 1 else default


def mode():
    return sys.argv[3] if len(sys.argv) > 3 else "loop"


def begin():
    if "times" in sys.argv[2:]:
        PETSc.Log.begin()


def repeats():
    """How often to call what would be called too seldom; 0 if nobody asked for times."""
    return 5 if "times" in sys.argv[2:] else 0


def report(*events):
    if "times" not in sys.argv[2:]:
        return
    for name in events:
        info = PETSc.Log.Event(name).getPerfInfo()
        print(f"call {name} {info['count']} {info['time']:.9e}")


def check(right):
    if not right:
        print("wrong result", file=sys.stderr)
        sys.exit(3)
