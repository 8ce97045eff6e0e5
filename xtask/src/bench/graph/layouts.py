"""Layouts of other libraries, to be compared with ours by the share of ties kept near.

    python layouts.py igraph-drl|sfdp TIES.csv ACTORS OUT.csv

TIES.csv has a tie a line, `source,target,…`, the ends numbered from 0, without a header; OUT.csv gets `x,y` a line, an actor
each. Prints CPU seconds. Weights are left out, as by our layout.
"""
import random
import sys
import time

library, ties, actors, out = sys.argv[1:5]
pairs = set()
with open(ties, encoding="utf-8") as lines:
    for line in lines:
        a, b = (int(end) for end in line.split(",")[:2])
        pairs.add((min(a, b), max(a, b)))
pairs = sorted(pairs)
if library == "igraph-drl":
    import igraph

    random.seed(7)
    graph = igraph.Graph(n=int(actors), edges=pairs)
    begun = time.process_time()
    points = graph.layout_drl().coords
else:
    import graph_tool
    from graph_tool.draw import sfdp_layout

    graph_tool.openmp_set_num_threads(1)
    graph_tool.seed_rng(7)
    graph = graph_tool.Graph(directed=False)
    graph.add_vertex(int(actors))
    graph.add_edge_list(pairs)
    begun = time.process_time()
    points = [list(point) for point in sfdp_layout(graph)]
print(time.process_time() - begun)
with open(out, "w", encoding="utf-8") as file:
    file.writelines(f"{x},{y}\n" for x, y in points)
