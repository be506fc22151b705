"""A stand-in for AWS on loopback: moto behind a door that checks what moto does not.

Every request's signature is calculated again by botocore and compared, and every x-amz- header
must be signed, as AWS demands. What moto cannot do is done here: another owner, a bucket in
another region, a permission that lacks, a session that ended; accounts come five a page.
Prints its port, then a line a request on stderr.
"""
import http.client
import http.server
import json
import sys

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

KEY, SECRET, OWNER = "AKIAEXAMPLEAUDITOR01", "an/example+secret", "111122223333"
COPY = {"Bucket": "arn:aws:s3:::nightly-sync-7f3", "Account": "999988887777"}


def error(code, message, extra=""):
    return f"<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{extra}</Error>"


def signature_is_right(handler, body):
    """None, or what is wrong with it."""
    words = handler.headers.get("Authorization", "").replace(",", " ").split()
    parts = dict(w.split("=", 1) for w in words[1:] if "=" in w)
    if words[:1] != ["AWS4-HMAC-SHA256"] or "Signature" not in parts:
        return "MissingSecurityHeader"
    key, _, region, service, _ = parts["Credential"].split("/")
    if key != KEY:
        return "InvalidAccessKeyId"
    signed = parts["SignedHeaders"].split(";")
    for name in handler.headers:
        if name.lower().startswith("x-amz-") and name.lower() not in signed:
            return "HeadersNotSigned"
    request = AWSRequest(
        handler.command,
        f"http://{handler.headers['Host']}{handler.path}",
        headers={name: handler.headers[name] for name in signed},
        data=body,
    )
    request.context["timestamp"] = handler.headers["x-amz-date"]
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    auth = kind(Credentials(KEY, SECRET, handler.headers.get("x-amz-security-token")), service, region)
    canonical = auth.canonical_request(request)
    right = auth.signature(auth.string_to_sign(request, canonical), request)
    return None if right == parts["Signature"] else "SignatureDoesNotMatch"


class Door(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    moto = None

    def log_message(self, *_):
        pass

    def answer(self, status, text, kind="application/xml"):
        body = text if isinstance(text, bytes) else text.encode()
        region = self.headers.get("Authorization", "").split("/")[2:3]
        print(self.command, self.path, self.headers.get("x-amz-expected-bucket-owner"),
              *region, status, file=sys.stderr, flush=True)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def s3_says(self):
        """What S3 would answer before it looks at the replication, or None."""
        bucket = self.path[1:].split("?")[0]
        owner = self.headers.get("x-amz-expected-bucket-owner", OWNER)
        region = self.headers["Authorization"].split("/")[2]
        if bucket == "denied" or owner != OWNER:
            return 403, error("AccessDenied", "Access Denied")
        if bucket == "far-away" and region != "eu-central-1":
            return 301, error("PermanentRedirect", "use the endpoint",
                              "<Endpoint>far-away.s3.eu-central-1.amazonaws.com</Endpoint>")
        if bucket == "farther" and region != "ap-south-1":
            return 400, error("AuthorizationHeaderMalformed", "the region is wrong",
                              "<Region>ap-south-1</Region>")
        return None

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        s3 = "x-amz-target" not in self.headers
        wrong = signature_is_right(self, body)
        if wrong is None and self.headers.get("x-amz-security-token") == "old":
            wrong = "ExpiredToken"
        if wrong and s3:
            return self.answer(403, error(wrong, "refused"))
        if wrong:
            return self.answer(400, json.dumps({"__type": wrong, "message": "refused"}))
        said = self.s3_says() if s3 else None
        if said:
            return self.answer(*said)
        if not s3:
            body = json.dumps({"MaxResults": 5, **json.loads(body)}).encode()
        connection = http.client.HTTPConnection(*self.moto)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length")}
        connection.request(self.command, self.path, body, headers)
        reply = connection.getresponse()
        return self.answer(reply.status, reply.read(), reply.headers.get("Content-Type", ""))

    do_GET = do_POST = do_PUT = do_DELETE = handle_one


def fill(url):
    """The demo's buckets, as they might be found a day later; an organisation."""
    as_whom = dict(endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1")
    s3 = boto3.client("s3", **as_whom)
    states = {
        "acme-payroll-prod": [("sync", "Enabled", COPY)],
        "acme-hr-exports": [("sync", "Disabled", COPY)],
        "acme-legal-hold": None,
        "acme-contracts": [("other", "Enabled", {"Bucket": "arn:aws:s3:::nightly-sync-7f3", "Account": OWNER})],
        "acme-design": [("renamed", "Enabled", COPY),
                        ("second", "Enabled", {"Bucket": "arn:aws:s3:::acme-contracts", "Account": "012345678901"})],
        "nightly-sync-7f3": None, "far-away": [("sync", "Enabled", COPY)], "farther": None,
    }
    for bucket in states:
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for bucket, rules in states.items():
        if rules:
            s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={
                "Role": "arn:aws:iam::111122223333:role/replicate",
                "Rules": [{"ID": i, "Priority": n, "Status": status, "Filter": {"Prefix": ""},
                           "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": to}
                          for n, (i, status, to) in enumerate(rules)]})
    organisation = boto3.client("organizations", **as_whom)
    organisation.create_organization(FeatureSet="ALL")
    made = [organisation.create_account(Email=f"team{i:02}@example.com", AccountName=f"team {i}")
            for i in range(12)]
    organisation.close_account(AccountId=made[0]["CreateAccountStatus"]["AccountId"])


def main():
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    Door.moto = moto.get_host_and_port()
    fill("http://%s:%d" % Door.moto)
    door = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    print(door.server_address[1], flush=True)
    door.serve_forever()


main()
