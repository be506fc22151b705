# Reads "D file symbol", "U file symbol" and "T tests symbol"; prints what tests/lint/graph.sh forbids.
function room(file) { split(file, part, "/"); return part[2] }
function visit(v,   w, i, n, member, ring) {
	index_of[v] = low[v] = ++count; stack[++depth] = v; on[v] = 1
	n = split(edges[v], member, " ")
	for (i = 1; i <= n; i++) {
		w = member[i]
		if (!(w in index_of)) { visit(w); if (low[w] < low[v]) low[v] = low[w] }
		else if (on[w] && index_of[w] < low[v]) low[v] = index_of[w]
	}
	if (low[v] != index_of[v]) return
	n = 0; ring = ""
	do { w = stack[depth--]; on[w] = 0; n++; ring = ring " " w } while (w != v)
	if (n > 1) { rings++; ringed += n; print "files that call each other:" ring; bad = 1 }
}
BEGIN { n = split(rooms, name, " "); for (i = 1; i <= n; i++) rank[name[i]] = i }
$1 == "D" { home[$3] = $2 }
$1 == "U" { uses[++n_uses] = $2 " " $3; used[$3] = 1 }
$1 == "T" { tested[$3] = 1 }
END {
	for (i = 1; i <= n_uses; i++) {
		split(uses[i], u, " ")
		if (!(u[2] in home) || home[u[2]] == u[1] || ((u[1], home[u[2]]) in there)) continue
		there[u[1], home[u[2]]] = 1; edges[u[1]] = edges[u[1]] " " home[u[2]]; files[u[1]] = 1
		if (rank[room(home[u[2]])] > rank[room(u[1])]) { print u[1] " calls " u[2] " in " home[u[2]] ", a higher room"; bad = 1 }
	}
	for (s in home) if (!(s in used) && !(s in tested) && s != "main" && s !~ /^act_/) { print home[s] ": " s " is used by no other file"; bad = 1 }
	for (v in files) if (!(v in index_of)) visit(v)
	printf "graph: %d rings of %d files\n", rings, ringed
	exit bad
}
