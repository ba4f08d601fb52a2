def costly(e):
    from collections import Counter
    c=Counter(e.at)
    by=Counter()
    for at,k in c.items(): by[e.graph.nodes[at].node]+=k
    return tuple(f"{e.machine.nodes[n].name}: {k}" for n,k in by.most_common(12))
