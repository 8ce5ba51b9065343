"""The key service on AWS KMS."""

from collections.abc import Mapping

from botocore.exceptions import ClientError

from shared.aws.clients import client
from shared.providers.credentials import Unreadable


class KmsKeys:
    """Data keys wrapped by one KMS key."""

    def __init__(self, key_arn: str) -> None:
        self._key_arn, self._kms = key_arn, client("kms")

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        made = self._kms.generate_data_key(KeyId=self._key_arn, KeySpec="AES_256", EncryptionContext=dict(context))
        return made["Plaintext"], made["CiphertextBlob"]

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        try:
            found = self._kms.decrypt(KeyId=self._key_arn, CiphertextBlob=wrapped, EncryptionContext=dict(context))
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidCiphertextException":
                raise
            raise Unreadable("the key service does not unwrap it for this context") from error
        plain: bytes = found["Plaintext"]
        return plain
