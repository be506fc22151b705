# A real Elasticsearch 8.8.2 with security on loopback: the distribution that its makers put into
# Maven's central repository for integration tests. It has no EQL. Sourced by run.

elasticsearch_fetch() {
	[ -s "$cache/elasticsearch-8.8.2.zip" ] && return
	mkdir -p "$cache/part"
	timeout 90 mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
		-Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.8.2:zip \
		-DoutputDirectory="$cache/part" >"$dir/log" 2>&1 &&
		mv "$cache/part/elasticsearch-8.8.2.zip" "$cache/elasticsearch-8.8.2.zip"
}

# It refuses to run as root.
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		env HOME="$es" ES_JAVA_HOME="$java_home" ES_JAVA_OPTS='-Xms512m -Xmx512m' "$@"
	else
		setsid setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$es" \
			ES_JAVA_HOME="$java_home" ES_JAVA_OPTS='-Xms512m -Xmx512m' "$@"
	fi
}

elasticsearch_start() {
	es=$dir/elasticsearch-8.8.2
	java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
	(cd "$dir" && unzip -q "$cache/elasticsearch-8.8.2.zip") || return
	chmod 755 "$dir"
	cat >>"$es/config/elasticsearch.yml" <<-'END'
	http.port: 9261
	transport.port: 9361
	discovery.type: single-node
	network.host: 127.0.0.1
	xpack.security.enabled: true
	xpack.security.http.ssl.enabled: false
	xpack.security.transport.ssl.enabled: false
	END
	printf 'small:\n  cluster: []\n  indices:\n    - names: ["other"]\n      privileges: ["read"]\n' \
		>>"$es/config/roles.yml"
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$es"
	{
		printf test-password | as_nobody "$es/bin/elasticsearch-keystore" add -x -f bootstrap.password
		as_nobody "$es/bin/elasticsearch-users" useradd small -p small-password -r small
	} >"$dir/es.log" 2>&1
	as_nobody "$es/bin/elasticsearch" -p "$es/pid" >>"$dir/es.log" 2>&1 </dev/null &
	echo $! >"$dir/es.pid"
	await -u elastic:test-password http://127.0.0.1:9261/
}
