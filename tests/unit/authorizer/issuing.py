"""An issuer in memory: an RSA key, its JWKS document, and tokens of any shape."""

import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from functions.authorizer.issuer import Issuer
from tests.fakes import NOON

URL, CLIENT = "https://issuer.example/pool", "client"
COGNITO = Issuer(url=URL, audience=CLIENT, audience_claim="client_id", mark="token_use=access", groups_claim="cognito:groups")
"""What the template says of the user pool."""
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwks(*ids: str) -> bytes:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    return json.dumps({"keys": [public | {"kid": kid, "use": "sig", "alg": "RS256"} for kid in ids]}).encode()


def claims(**changed: Any) -> dict[str, Any]:
    """What Amazon Cognito says in an access token; None leaves a claim out."""
    usual = {"sub": "s-1", "iss": URL, "token_use": "access", "client_id": CLIENT, "exp": int(NOON.timestamp()) + 3600}
    return {name: value for name, value in (usual | changed).items() if value is not None}


def token(key: Any = KEY, kid: str = "one", algorithm: str = "RS256", typ: str = "JWT", **changed: Any) -> str:
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers={"kid": kid, "typ": typ})
