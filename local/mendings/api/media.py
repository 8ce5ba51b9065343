"""Pictures are served as CloudFront does on AWS: by the hub's own address, to anybody, with what their objects say of caches.

The emulator's distributions answer by their host's name, which no browser on a laptop finds.
"""

from typing import Any

from ministack import app
from ministack.services import s3

FOLDER = "/media/"
"""What the parameter MediaUrl ends with on a laptop."""
BUCKET = "mediabucket"
"""In the name that CloudFormation gives the bucket that is served."""
ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""As infra/media.yaml has it."""
TOLD = ("content-type", "content-length", "cache-control", "etag", "last-modified")
Answer = tuple[int, dict[str, str], bytes]


def mend() -> None:
    handle = app._handle_cloudfront_dataplane_request

    async def handle_media_too(*request: Any, **more: Any) -> Any:
        _, path, _, _, method, headers, *_ = request
        if path.startswith(FOLDER) and method in ("GET", "HEAD"):
            return served(path.removeprefix(FOLDER), headers)
        return await handle(*request, **more)

    app._handle_cloudfront_dataplane_request = handle_media_too


def served(key: str, headers: dict[str, str]) -> Answer:
    """The object; 403 for none, as from a bucket that may not be listed."""
    bucket = next((name for name in s3._buckets if BUCKET in name), "")
    status, told, body = s3._get_object(bucket, key, {name: headers[name] for name in ("if-none-match", "range") if name in headers})
    if status >= 400:
        return 403, {"Content-Type": "text/plain", **ALWAYS}, b"there is no such picture\n"
    return status, {name: value for name, value in told.items() if name.lower() in TOLD} | ALWAYS, body
