"""What to do about a refusal, by the code that S3 answers."""

from __future__ import annotations

from typing import Final

ADVICE = {
    "NoSuchBucket": "the bucket does not exist; create it, or correct NEWS_SINK",
    "InvalidAccessKeyId": "the credentials are refused; check AWS_ACCESS_KEY_ID or AWS_PROFILE",
    "SignatureDoesNotMatch": "the credentials are refused; check AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "the credentials have expired; renew them (AWS_SESSION_TOKEN)",
    "TokenRefreshRequired": "the credentials have expired; renew them (AWS_SESSION_TOKEN)",
    "InvalidToken": "the credentials are refused; check AWS_SESSION_TOKEN",
    "AccessDenied": "the credentials may not do this here; allow s3:PutObject, s3:GetObject and s3:ListBucket",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "PermanentRedirect": "the bucket is in another region; set AWS_REGION",
    "TemporaryRedirect": "the server sends every request elsewhere; check AWS_ENDPOINT_URL and AWS_REGION, or wait if the bucket is new",
    "AuthorizationHeaderMalformed": "the bucket is in another region; set AWS_REGION",
    "BadDigest": "the upload was corrupted on its way; check the network, and run again",
    "XAmzContentSHA256Mismatch": "the upload was corrupted on its way; check the network, and run again",
    "SlowDown": "the server asks to slow down; run again later",
    "ServiceUnavailable": "the server is overloaded; run again later",
    "InternalError": "the server has a fault of its own; run again later",
    "InvalidStorageClass": "the server has no such storage class; correct NEWS_S3_STORAGE_CLASS",
    "InvalidTag": "the server refuses the tags; correct NEWS_S3_TAGS",
    "KMS.NotFoundException": "there is no such key; correct NEWS_S3_KMS_KEY",
    "KMS.DisabledException": "the key is disabled; enable it, or correct NEWS_S3_KMS_KEY",
    "PreconditionFailed": "the server says that this object is there, and does not show it; conditional puts must be strict there",
    "NotImplemented": "the server lacks what is asked of it: conditional puts (If-None-Match), or what NEWS_S3_* set",
}
# Where an answer has no code of S3's, its status stands for it.
_NAMED: Final = {"301": "PermanentRedirect", "307": "TemporaryRedirect", "412": "PreconditionFailed", "501": "NotImplemented"}
ADVICE |= {status: ADVICE[code] for status, code in _NAMED.items()}
