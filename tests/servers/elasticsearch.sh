# Real Elasticsearch servers with security and TLS on loopback: the distributions that their makers put
# into Maven's central repository for integration tests. They have no EQL. Sourced by run.

elasticsearch_fetch() { # VERSION
	[ -s "$cache/elasticsearch-$1.zip" ] && return
	mkdir -p "$cache/part"
	timeout 90 mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
		-Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:$1:zip \
		-DoutputDirectory="$cache/part" >"$dir/log" 2>&1 &&
		mv "$cache/part/elasticsearch-$1.zip" "$cache/elasticsearch-$1.zip" && rm -rf "$cache/part"
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

# The index of API keys and tokens needs words that this distribution lacks.
add_analysis() {
	command -v javac >/dev/null && mkdir -p "$es/plugins/analysis" &&
		javac -cp "$es/lib/*" -d "$dir/analysis" "$here/Analysis.java" &&
		jar cf "$es/plugins/analysis/analysis.jar" -C "$dir/analysis" . &&
		printf 'description=words\nversion=8.8.2\nname=analysis\njava.version=17\nelasticsearch.version=8.8.2\nclassname=Analysis\n' \
			>"$es/plugins/analysis/plugin-descriptor.properties"
}

elasticsearch_start() { # VERSION
	es=$dir/elasticsearch-$1
	java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
	(cd "$dir" && unzip -q "$cache/elasticsearch-$1.zip") || return
	chmod 755 "$dir"
	if [ "$1" = 8.8.2 ]; then add_analysis >"$dir/es.log" 2>&1 || rm -rf "$es/plugins/analysis"; fi
	cp -r "$certs" "$es/config/certs"
	cat >>"$es/config/elasticsearch.yml" <<-'END'
	http.port: 9261
	transport.port: 9361
	discovery.type: single-node
	network.host: 127.0.0.1
	xpack.license.self_generated.type: trial
	xpack.security.enabled: true
	xpack.security.http.ssl.enabled: true
	xpack.security.http.ssl.key: certs/server.key
	xpack.security.http.ssl.certificate: certs/with-ca.pem
	xpack.security.http.ssl.certificate_authorities: certs/ca.pem
	xpack.security.http.ssl.client_authentication: optional
	xpack.security.transport.ssl.enabled: false
	xpack.security.authc.realms.file.file1.order: 0
	xpack.security.authc.realms.native.native1.order: 2
	xpack.security.authc.realms.pki.pki1.order: 1
	xpack.security.authc.realms.pki.pki1.certificate_authorities: certs/ca.pem
	END
	printf 'small:\n  cluster: []\n  indices:\n    - names: ["other"]\n      privileges: ["read"]\n' \
		>>"$es/config/roles.yml"
	printf 'superuser:\n  - "CN=s3triage test client"\n' >>"$es/config/role_mapping.yml"
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$es"
	{
		[ -f "$es/config/elasticsearch.keystore" ] || as_nobody "$es/bin/elasticsearch-keystore" create
		printf test-password | as_nobody "$es/bin/elasticsearch-keystore" add -x -f bootstrap.password
		as_nobody "$es/bin/elasticsearch-users" useradd small -p small-password -r small
	} >>"$dir/es.log" 2>&1
	elasticsearch_run
}

elasticsearch_run() {
	as_nobody "$es/bin/elasticsearch" -p "$es/pid" >>"$dir/es.log" 2>&1 </dev/null &
	echo $! >"$dir/es.pid"
	await --cacert "$certs/ca.pem" --cert "$certs/client.pem" --key "$certs/client.key" -u elastic:test-password \
		https://127.0.0.1:9261/
}

# The same again, for clients with a certificate only.
elasticsearch_require() {
	stop "$es/pid"
	stop "$dir/es.pid"
	sleep 1
	sed -i 's/client_authentication: optional/client_authentication: required/' "$es/config/elasticsearch.yml"
	rm -f "$es"/data/node.lock "$es"/data/*/write.lock
	elasticsearch_run
}
